// What can be done with a pool as a whole.
import { Menu } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { PoolResponse } from '../../../../contract/pool.ts';
import type { Call } from '../../../api/snippets.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Snippet } from '../../../ui/snippet.tsx';
import { useIsNarrow } from '../../../ui/use-is-narrow.ts';
import { TakeClaimDialog } from '../claims/take-claim-dialog.tsx';
import { poolPath } from '../../../pool/pool-paths.ts';
import { DeleteDialog } from './delete-dialog.tsx';

type PoolActionsProps = { readonly pool: PoolResponse; readonly onDeleted: () => void };
type Opened = 'claim' | 'copy' | 'delete' | undefined;

const readCall = (name: string): Call => ({
  method: 'GET',
  path: `v1/pools/${encodeURIComponent(name)}`,
  procedure: 'pools.get',
  input: { name },
});

export const PoolActions = ({ pool, onDeleted }: PoolActionsProps) => {
  const [opened, setOpened] = useState<Opened>();
  const [, navigate] = useLocation();
  const isStale = useIsStale();
  const open = (dialog: Opened) => () => {
    setOpened(dialog);
  };
  const more = useRef<HTMLButtonElement>(null);
  const isNarrow = useIsNarrow();
  // The item is gone when the dialog closes: the focus returns to the button of the menu.
  const openFromMenu = (dialog: Opened) => () => {
    more.current?.focus();
    setOpened(dialog);
  };
  const canClaim = !isStale && pool.deletingSince === undefined;
  return (
    <span className="acts">
      <Button small className="wide-only" disabled={!canClaim} onClick={open('claim')}>
        Take a claim
      </Button>
      <Button small icon="code" className="wide-only" onClick={open('copy')}>
        Copy as
      </Button>
      <Menu
        position="bottom-end"
        width={208}
        shadow="md"
        withinPortal
        withInitialFocusPlaceholder={false}
        menuItemTabIndex={0}
      >
        <Menu.Target>
          <IconButton ref={more} icon="more" label="More actions" kind="plain" />
        </Menu.Target>
        <Menu.Dropdown>
          {isNarrow && (
            <>
              <Menu.Item leftSection={<Icon name="key" />} disabled={!canClaim} onClick={openFromMenu('claim')}>
                Take a claim
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="code" />} onClick={openFromMenu('copy')}>
                Copy as
              </Menu.Item>
            </>
          )}
          <Menu.Item
            leftSection={<Icon name="edit" />}
            onClick={() => {
              navigate(poolPath(pool.name, 'yaml'));
            }}
          >
            Edit YAML
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="close" />}
            className="danger"
            disabled={isStale}
            onClick={openFromMenu('delete')}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === 'claim' && <TakeClaimDialog pool={pool} onClose={open(undefined)} />}
      {opened === 'delete' && <DeleteDialog pool={pool} onClose={open(undefined)} onDeleted={onDeleted} />}
      {opened === 'copy' && (
        <Dialog title="The same with curl or the typed client" width={640} onClose={open(undefined)}>
          <Snippet call={readCall(pool.name)} />
        </Dialog>
      )}
    </span>
  );
};
