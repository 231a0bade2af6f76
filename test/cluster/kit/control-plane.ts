// Arguments of the control plane: etcd, the API server and its controllers.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { USERS, type User } from './cluster-access.ts';

/** Free ports of the loopback. */
export type Ports = { readonly etcd: number; readonly peer: number; readonly api: number; readonly kubelet: number };

export const choosePorts = async (): Promise<Ports> => ({
  etcd: await freePort(),
  peer: await freePort(),
  api: await freePort(),
  kubelet: await freePort(),
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Writes the keys and tokens that the API server reads. */
export const writeSecrets = (folder: string, tokens: Readonly<Record<User, string>>): void => {
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(path.join(folder, name), content, { mode: 0o600 });
  };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  write('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }));
  write('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }));
  const lines = USERS.map(
    (user, index) => `${tokens[user]},${user},${index}${user === 'admin' ? ',"system:masters"' : ''}\n`,
  );
  write('tokens.csv', lines.join(''));
};

export const etcdArguments = (folder: string, ports: Ports): string[] => {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return [
    `--data-dir=${path.join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ];
};

export const apiServerArguments = (folder: string, ports: Ports): string[] => {
  const file = (name: string) => path.join(folder, name);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.api}`,
    `--cert-dir=${file('pki')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    // On by default in OpenShift.
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    // It refuses pods until a controller has created the account of their namespace. In `api` mode none does; in others it takes a moment.
    '--disable-admission-plugins=ServiceAccount',
  ];
};

/** For kube-controller-manager and kube-scheduler. By default they limit themselves to 20 and 50 calls per second. */
export const controllerArguments = (kubeconfig: string): string[] => [
  `--kubeconfig=${kubeconfig}`,
  '--leader-elect=false',
  '--secure-port=0',
  '--kube-api-qps=1000',
  '--kube-api-burst=1000',
];
