// Which overlay of the whole page is open.
import { Store } from '../api/store.ts';

export const overlay = new Store<'palette' | 'help' | undefined>(undefined);

export const openPalette = (): void => {
  overlay.set('palette');
};

export const openHelp = (): void => {
  overlay.set('help');
};

export const closeOverlay = (): void => {
  overlay.set(undefined);
};
