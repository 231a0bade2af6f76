import { Dialog } from '../ui/dialog.tsx';
import { closeOverlay } from './overlays.ts';
import { SHORTCUTS } from './shortcuts.ts';

export const Help = () => (
  <Dialog title="Keyboard shortcuts" onClose={closeOverlay} width={440}>
    <dl className="shortcuts">
      {SHORTCUTS.map(({ keys, what }) => (
        <div key={keys}>
          <dt>
            {keys.split(' ').map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
