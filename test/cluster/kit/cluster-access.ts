// How to reach a test cluster: kubeconfigs of its accounts, kubectl, and namespaces with the Role that Warmpool ships.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { ClusterConnection } from '../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import { readWrites, type Writes } from './count-writes.ts';

/** Accounts: an administrator, one for the server under test, and one without permissions. */
export const USERS = ['admin', 'warmpool', 'nobody'] as const;
export type User = (typeof USERS)[number];

/** Plain data: it crosses from the process that starts the cluster to those that run tests. */
export type ClusterDescription = {
  readonly bin: string;
  readonly folder: string;
  readonly apiPort: number;
  readonly tokens: Readonly<Record<User, string>>;
};

const ROLE = new URL('../../../deploy/rbac/role.yaml', import.meta.url);

export class ClusterAccess {
  readonly description: ClusterDescription;
  readonly #admin: string;

  constructor(description: ClusterDescription) {
    this.description = description;
    this.#admin = this.kubeconfig('admin');
  }

  /** Address of the API server. */
  get url(): string {
    return `https://127.0.0.1:${this.description.apiPort}`;
  }

  /** Writes a kubeconfig and returns its path. @param options.server Another address of the API server, such as a proxy. */
  kubeconfig(user: User, { server = this.url, namespace = 'default' } = {}): string {
    const { folder, tokens } = this.description;
    const ca = path.join(folder, 'pki/apiserver.crt');
    const file = path.join(folder, `kubeconfig-${user}-${randomBytes(4).toString('hex')}`);
    writeFileSync(
      file,
      `apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "${server}", certificate-authority: ${ca}}}]
users: [{name: ${user}, user: {token: ${tokens[user]}}}]
contexts: [{name: test, context: {cluster: test, user: ${user}, namespace: ${namespace}}}]
current-context: test
`,
      { mode: 0o600 },
    );
    return file;
  }

  /** A connection as the administrator. */
  connect(): ClusterConnection {
    return new ClusterConnection(findCluster({ kubeconfigPaths: [this.#admin] }).kubeConfig);
  }

  /** Runs kubectl as the administrator. */
  async kubectl(...args: string[]): Promise<string> {
    const kubectl = path.join(this.description.bin, 'kubectl');
    const { stdout } = await promisify(execFile)(kubectl, ['--kubeconfig', this.#admin, ...args], {
      maxBuffer: 64 * 1_024 * 1_024,
    });
    return stdout;
  }

  /** Numbers of write requests that the API server has received since it started, by verb and resource. Its metrics know no clients. */
  async countWrites(): Promise<Writes> {
    return readWrites(await this.kubectl('get', '--raw', '/metrics'));
  }

  /** Creates or replaces an object as the administrator, by `kubectl apply`. */
  async apply(object: object, ...args: string[]): Promise<void> {
    await this.kubectl('apply', '-f', this.file(object), ...args);
  }

  /** Writes the status of an object, as the kubelet or a controller would: none runs here. */
  async patchStatus(namespace: string, kind: 'pod' | 'pool' | 'quota', name: string, status: object): Promise<void> {
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    await this.kubectl('patch', kind, name, '-n', namespace, ...patch);
  }

  /** Creates a quota of pools that is fully used. */
  async useUpQuota(namespace: string, pools: number): Promise<void> {
    const hard = { 'count/pools.sandbox.opensandbox.io': String(pools) };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard } };
    await this.apply(quota, '-n', namespace);
    await this.patchStatus(namespace, 'quota', 'few', { hard, used: hard });
  }

  /** Writes an object to a file for kubectl. */
  file(object: object): string {
    const file = path.join(this.description.folder, `object-${randomBytes(4).toString('hex')}.json`);
    writeFileSync(file, JSON.stringify(object));
    return file;
  }

  /** A new namespace in which the account `warmpool` has the permissions of the shipped Role, and no others. */
  async createNamespace(): Promise<string> {
    const namespace = `test-${randomBytes(4).toString('hex')}`;
    await this.kubectl('create', 'namespace', namespace);
    const shipped = loadAll(readFileSync(ROLE, 'utf8')) as { kind: string }[];
    for (const object of shipped.filter(({ kind }) => kind === 'Role')) await this.apply(object, '-n', namespace);
    await this.kubectl('create', 'rolebinding', 'warmpool', '--role=warmpool', '--user=warmpool', '-n', namespace);
    while (!(await this.#isRoleEffective(namespace)));
    return namespace;
  }

  /** The API server takes a moment to act on a new binding. */
  async #isRoleEffective(namespace: string): Promise<boolean> {
    const question = ['auth', 'can-i', 'list', 'pods', '--as=warmpool', '-n', namespace];
    return this.kubectl(...question).then(
      (answer) => answer.trim() === 'yes',
      () => false,
    );
  }
}
