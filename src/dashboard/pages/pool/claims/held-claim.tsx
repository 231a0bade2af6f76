// A claim that was just taken: its member, and how to use it.
import type { Claim } from '../../../../contract/claim.ts';
import { client } from '../../../api/client.ts';
import { session } from '../../../api/session.ts';
import { useStore } from '../../../api/store.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button } from '../../../ui/button.tsx';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatSeconds } from '../../../ui/format.ts';
import { TimeLeftBar } from './time-left-bar.tsx';
import { useArmed } from '../../../ui/use-armed.ts';
import { useAction } from '../../../api/use-action.ts';

type HeldClaimProps = { readonly claim: Claim; readonly onClose: () => void };

export const HeldClaim = ({ claim, onClose }: HeldClaimProps) => {
  const { id, launch, member } = claim;
  const isStale = useIsStale();
  const isArmed = useArmed();
  const release = useAction({ mutationFn: () => client.claims.release.mutate({ id }), onSuccess: onClose });
  const waitedMs = Date.parse(claim.boundAt) - Date.parse(claim.createdAt);
  const facts = [
    ['Claim', <span className="mono">{id}</span>],
    ['Member', <span className="mono">{member.name}</span>],
    ['Launch', launch === 'warm' ? 'warm' : `cold, after ${formatSeconds(waitedMs)}`],
    ['Address', member.address],
    ...(member.ports ?? []).map(
      ({ containerPort, protocol, host }) => [`Port ${containerPort}/${protocol}`, host] as const,
    ),
    ['Time left', <TimeLeftBar claim={claim} />],
  ] as const;
  return (
    <Dialog
      title="The member is yours"
      onClose={onClose}
      actions={
        <>
          <span className="grow" />
          <Button onClick={onClose}>Keep and close</Button>
          <Button
            disabled={release.isPending || isStale || !isArmed}
            onClick={() => {
              release.mutate();
            }}
          >
            Release
          </Button>
        </>
      }
    >
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <HowToUse member={member.name} />
      {release.error && <ErrorNotice title="The claim was not released." error={release.error} />}
    </Dialog>
  );
};

const HowToUse = ({ member }: { readonly member: string }) => {
  const known = useStore(session, (value) => value);
  if (known?.driver === 'simulated')
    return <p className="t3">Members of this server are simulated: nothing runs in them.</p>;
  const command =
    known?.runtime === 'kubernetes'
      ? `kubectl exec -it -n ${known.namespace ?? 'default'} ${member} -- sh`
      : `docker exec -it ${member} sh`;
  return <CodeBlock text={command} />;
};
