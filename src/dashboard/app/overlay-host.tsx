// The overlays of the whole page, and the keys that open them.
import { useStore } from '../api/store.ts';
import { Help } from './help.tsx';
import { overlay } from './overlays.ts';
import { Palette } from './palette/palette.tsx';
import { useShortcuts } from './shortcuts.ts';

export const OverlayHost = () => {
  useShortcuts();
  const open = useStore(overlay, (value) => value);
  if (open === 'palette') return <Palette />;
  return open === 'help' ? <Help /> : null;
};
