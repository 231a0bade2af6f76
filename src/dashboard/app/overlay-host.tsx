// The overlays of the whole page, and the keys that open them. Each is loaded when it is first opened.
import { lazy, Suspense } from 'react';
import { useStore } from '../api/store.ts';
import { overlay } from './overlays.ts';
import { useShortcuts } from './shortcuts.ts';

const Help = lazy(async () => ({ default: (await import('./help.tsx')).Help }));
const Palette = lazy(async () => ({ default: (await import('./palette/palette.tsx')).Palette }));

export const OverlayHost = () => {
  useShortcuts();
  const open = useStore(overlay, (value) => value);
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette />}
      {open === 'help' && <Help />}
    </Suspense>
  );
};
