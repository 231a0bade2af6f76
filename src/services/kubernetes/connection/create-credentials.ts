// The credentials that a kubeconfig asks for.
import type { Clock } from '../../clock.ts';
import type { Credentials } from './credential.ts';
import { ExecCredentials } from './exec-credentials.ts';
import { FileCredentials } from './file-credentials.ts';
import type { KubeConfig } from './kubeconfig.ts';

export const createCredentials = ({ cluster, user }: KubeConfig, clock: Clock): Credentials =>
  user.exec ? new ExecCredentials(user.exec, cluster, clock) : new FileCredentials(user, clock);
