// The pod that a member is started as.
import { z } from 'zod';
import type { MemberOrder } from '../../controller/ports.ts';
import { POOLS } from '../resource/pool-resource.ts';
import { IDLE, POOL_NAME, POOL_REVISION, POOL_UID, REVISION } from './pod-metadata.ts';

const StringMap = z.record(z.string(), z.string()).catch({});
const TemplateMetadata = z.object({ labels: StringMap.optional(), annotations: StringMap.optional() }).catch({});

/** Its name is known before it is sent: an answer that is lost can be looked up. */
export const podManifest = ({ name, poolUid, poolName, revision, template }: MemberOrder) => {
  const { labels, annotations } = TemplateMetadata.parse(template.metadata);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { ...labels, [POOL_NAME]: poolName, [POOL_REVISION]: revision, [POOL_UID]: poolUid },
      annotations: { ...annotations, [POOL_UID]: poolUid, [REVISION]: revision, [IDLE]: '0' },
      // Without blockOwnerDeletion, which OpenShift's admission refuses to accounts that may not delete pools.
      ownerReferences: [
        {
          apiVersion: `${POOLS.group}/${POOLS.version}`,
          kind: POOLS.kind,
          name: poolName,
          uid: poolUid,
          controller: true,
        },
      ],
    },
    spec: template.spec,
  };
};
