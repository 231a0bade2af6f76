// Who wrote what of a Pool, and when, as the API server keeps it in managedFields.
import { CONTROLLER, WARMPOOL } from '../pods/pod-metadata.ts';
import { FIELD_MANAGER } from '../resource/resource-client.ts';
import type { ManagedFields, PoolResource } from '../resource/pool-resource.ts';

/**
 * Since when a pool has the mark of Warmpool's controller: `creation` if Warmpool wrote it, otherwise the time of its
 * writer's last change, epoch milliseconds in whole seconds. Undefined where nobody knows.
 */
export type MarkedSince = 'creation' | number | undefined;

export const isMarked = ({ metadata: { annotations } }: PoolResource): boolean =>
  annotations?.[CONTROLLER] === WARMPOOL;

export const markedSince = ({ metadata: { managedFields = [] } }: PoolResource): MarkedSince => {
  const writer = managedFields.find(ownsMark);
  // Requests cannot change the annotation: Warmpool writes it only when it creates a pool.
  if (writer?.manager === FIELD_MANAGER) return 'creation';
  return writer?.time === undefined ? undefined : Date.parse(writer.time);
};

const ownsMark = ({ fieldsV1 }: ManagedFields): boolean =>
  fieldsV1?.['f:metadata']?.['f:annotations']?.[`f:${CONTROLLER}`] !== undefined;

/** Changes when another manager than Warmpool writes the status; undefined if none ever did. */
export const foreignStatusOf = ({ metadata: { managedFields = [] } }: PoolResource): string | undefined => {
  const foreign = managedFields.filter(
    ({ manager, subresource }) => subresource === 'status' && manager !== FIELD_MANAGER,
  );
  return foreign.length === 0 ? undefined : JSON.stringify(foreign.map(({ manager, time }) => [manager, time]));
};
