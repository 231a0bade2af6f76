// A real Kubernetes API: etcd and kube-apiserver of this machine, on free ports of the loopback, with RBAC.
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import { ClusterAccess, USERS, type User } from './cluster-access.ts';

const START_DEADLINE_MS = 60_000;
const POLL_MS = 50;

type Ports = { readonly etcd: number; readonly peer: number; readonly api: number };

export class TestCluster {
  readonly access: ClusterAccess;
  readonly #ports: Ports;
  #etcd: ChildProcess | undefined;
  #apiServer: ChildProcess | undefined;

  private constructor(ports: Ports) {
    this.#ports = ports;
    const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-cluster-'));
    const tokens = Object.fromEntries(USERS.map((user) => [user, randomBytes(16).toString('hex')]));
    writeSecrets(folder, tokens as Record<User, string>);
    this.access = new ClusterAccess({
      bin: findBinaries(),
      folder,
      apiPort: ports.api,
      tokens: tokens as Record<User, string>,
    });
  }

  static async start(): Promise<TestCluster> {
    const cluster = new TestCluster({ etcd: await freePort(), peer: await freePort(), api: await freePort() });
    cluster.#startEtcd();
    await cluster.startApiServer();
    return cluster;
  }

  /** Process id of the API server. */
  get apiServerPid(): number | undefined {
    return this.#apiServer?.pid;
  }

  /** Resolves when the API server is ready. */
  async startApiServer(): Promise<void> {
    const file = (name: string) => this.#file(name);
    this.#apiServer = this.#run('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${this.#ports.etcd}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${this.#ports.api}`,
      `--cert-dir=${file('pki')}`,
      `--token-auth-file=${file('tokens.csv')}`,
      '--authorization-mode=RBAC',
      `--service-account-key-file=${file('sa.pub')}`,
      `--service-account-signing-key-file=${file('sa.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.0.0.0/24',
      // Without a controller manager nothing creates the default service account, and pods are refused without it.
      '--disable-admission-plugins=ServiceAccount',
    ]);
    const endMs = Date.now() + START_DEADLINE_MS;
    for (;;) {
      const isReady = await this.access.kubectl('get', '--raw', '/readyz').then(
        () => true,
        () => false,
      );
      if (isReady) return;
      if (this.#apiServer.exitCode !== null || Date.now() > endMs)
        throw new Error(`kube-apiserver did not start:\n${tail(this.#file('kube-apiserver.log'))}`);
      await setTimeout(POLL_MS);
    }
  }

  /** Ends the API server as a crash would. */
  async killApiServer(): Promise<void> {
    await kill(this.#apiServer);
  }

  async stop(): Promise<void> {
    await kill(this.#apiServer);
    await kill(this.#etcd);
    rmSync(this.access.description.folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return path.join(this.access.description.folder, name);
  }

  #startEtcd(): void {
    const client = `http://127.0.0.1:${this.#ports.etcd}`;
    const peer = `http://127.0.0.1:${this.#ports.peer}`;
    this.#etcd = this.#run('etcd', [
      `--data-dir=${this.#file('etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ]);
  }

  #run(name: string, args: string[]): ChildProcess {
    const log = openSync(this.#file(`${name}.log`), 'a');
    const child = spawn(path.join(this.access.description.bin, name), args, { stdio: ['ignore', log, log] });
    closeSync(log);
    // Nothing outlives the process, however it ends.
    process.once('exit', () => child.kill('SIGKILL'));
    return child;
  }
}

const writeSecrets = (folder: string, tokens: Readonly<Record<User, string>>): void => {
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

const kill = async (child: ChildProcess | undefined): Promise<void> => {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const tail = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
