// How a server names itself to the others.
import { hostname } from 'node:os';
import { randomSuffix } from '../../../lib/random-suffix.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type PodReference = { readonly name: string; readonly uid: string };

/**
 * `<pod name>_<pod uid>` by POD_NAME and POD_UID: a restarted container is the same server. Outside a pod the host name
 * and a random part: another one at each call.
 */
export const serverIdentity = (env: Environment): string => {
  const { POD_NAME: name = '', POD_UID: uid = '' } = env;
  return name === '' || uid === '' ? `${hostname()}_${randomSuffix(8)}` : `${name}_${uid}`;
};

/**
 * The server's own pod, as owner of what it creates in `namespace`; undefined unless POD_NAMESPACE says that it runs there.
 * Kubernetes deletes an object whose owner is in another namespace.
 */
export const ownPod = (env: Environment, namespace: string): PodReference | undefined => {
  const { POD_NAME: name = '', POD_UID: uid = '', POD_NAMESPACE } = env;
  return name === '' || uid === '' || POD_NAMESPACE !== namespace ? undefined : { name, uid };
};
