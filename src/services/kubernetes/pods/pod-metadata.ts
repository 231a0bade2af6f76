// The labels and annotations of Warmpool on pools, pods and Leases, and those of OpenSandbox that it uses.

/** On a pool, with the value `warmpool`: Warmpool's controller manages it. */
export const CONTROLLER = 'warmpool.dev/controller';
/** On a pod, as an annotation: uid of its pool. As a label, too: selectors of pods without it match those of other controllers. */
export const POOL_UID = 'warmpool.dev/pool-uid';
/** On a pod, as an annotation: the pool's revision from which it was started. */
export const REVISION = 'warmpool.dev/revision';
/** On a pod, as an annotation: nobody holds it. The value is how often it was handed out. */
export const IDLE = 'warmpool.dev/idle';
/** On a pod, as an annotation: a `ClaimMark` as JSON. */
export const CLAIM = 'warmpool.dev/claim';
/** On a pod, as a label: id of the claim, for people who select pods. */
export const CLAIM_ID = 'warmpool.dev/claim-id';

/** Label of a pool's pods: name of the pool. Source: OpenSandbox's pool controller. */
export const POOL_NAME = 'sandbox.opensandbox.io/pool-name';
/** Label of a pool's pods: its revision. Source: OpenSandbox's pool controller. */
export const POOL_REVISION = 'sandbox.opensandbox.io/pool-revision';
/** Label of a pod to remove. Source: OpenSandbox's pool controller. */
export const EVICT = 'pool.opensandbox.io/evict';

/** The value of `CONTROLLER` on the pools of Warmpool's own controller. */
export const WARMPOOL = 'warmpool';

type Annotated = { readonly specification: { readonly annotations: Readonly<Record<string, string>> } };

/** Whether Warmpool's own controller manages a pool. */
export const isManaged = ({ specification: { annotations } }: Annotated): boolean =>
  annotations[CONTROLLER] === WARMPOOL;
