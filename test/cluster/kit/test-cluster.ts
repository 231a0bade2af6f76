// A real Kubernetes of this machine, on free ports of the loopback, with RBAC.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBinaries, type Mode } from './binaries.ts';
import { ClusterAccess, USERS, type User } from './cluster-access.ts';
import {
  apiServerArguments,
  choosePorts,
  controllerArguments,
  etcdArguments,
  writeSecrets,
  type Ports,
} from './control-plane.ts';
import { Daemons } from './daemons.ts';
import { KWOK_NODE, kwokArguments } from './kwok-node.ts';
import { RealNode } from './node/real-node.ts';
import { removeFolder } from '../../support/remove-folder.ts';

const API_SERVER = 'kube-apiserver';

export class TestCluster {
  readonly access: ClusterAccess;
  readonly #ports: Ports;
  readonly #daemons: Daemons;
  readonly #node: RealNode | undefined;

  private constructor(mode: Mode, ports: Ports) {
    const bin = findBinaries(mode);
    const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-cluster-'));
    const tokens = Object.fromEntries(USERS.map((user) => [user, randomBytes(16).toString('hex')]));
    writeSecrets(folder, tokens as Record<User, string>);
    this.access = new ClusterAccess({ bin, folder, apiPort: ports.api, tokens: tokens as Record<User, string> });
    this.#ports = ports;
    this.#daemons = new Daemons(bin, folder);
    if (mode === 'node') this.#node = new RealNode(this.#daemons, { bin, folder, kubeletPort: ports.kubelet });
    process.once('exit', this.#removeNow);
  }

  /** Resolves when the cluster is usable: the API server is ready, and so is the node of a mode that has one. */
  static async start({ mode = 'api' }: { mode?: Mode } = {}): Promise<TestCluster> {
    const cluster = new TestCluster(mode, await choosePorts());
    try {
      await cluster.#start(mode);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Process id of the API server. */
  get apiServerPid(): number | undefined {
    return this.#daemons.pid(API_SERVER);
  }

  /** Resolves when the API server is ready. */
  async startApiServer(): Promise<void> {
    const { folder } = this.access.description;
    const args = [...apiServerArguments(folder, this.#ports), ...(this.#node?.apiServerArguments ?? [])];
    this.#daemons.start(API_SERVER, args);
    await this.#daemons.until('the API server was ready', async () => {
      await this.access.kubectl('get', '--raw', '/readyz');
      return true;
    });
  }

  /** Ends the API server as a crash would. */
  async killApiServer(): Promise<void> {
    await this.#daemons.kill(API_SERVER);
  }

  /** The API server keeps its connections, and neither reads nor writes. */
  pauseApiServer(): void {
    this.#daemons.signal(API_SERVER, 'SIGSTOP');
  }

  resumeApiServer(): void {
    this.#daemons.signal(API_SERVER, 'SIGCONT');
  }

  /** Resolves when the kubelet responds. Mode `node` only. */
  async startKubelet(): Promise<void> {
    this.#realNode.startKubelet(this.access.kubeconfig('admin'));
    await this.#daemons.until('the kubelet responded', async () => {
      await this.access.kubectl('get', '--raw', `/api/v1/nodes/${this.#realNode.name}/proxy/healthz`);
      return true;
    });
  }

  /** Ends the kubelet as a crash would; the pods of its node run on. Mode `node` only. */
  async killKubelet(): Promise<void> {
    await this.#realNode.killKubelet();
  }

  /** Removes all that the cluster has on this machine. */
  async stop(): Promise<void> {
    process.off('exit', this.#removeNow);
    await this.#daemons.killAll();
    this.#removeNow();
  }

  /** Nothing outlives the process, however it ends. */
  readonly #removeNow = (): void => {
    this.#daemons.killAllNow();
    this.#node?.remove();
    removeFolder(this.access.description.folder);
  };

  get #realNode(): RealNode {
    if (this.#node === undefined) throw new Error("Only a cluster of mode 'node' has a kubelet.");
    return this.#node;
  }

  async #start(mode: Mode): Promise<void> {
    const { folder } = this.access.description;
    await this.#node?.prepare();
    this.#daemons.start('etcd', etcdArguments(folder, this.#ports));
    await this.startApiServer();
    if (mode === 'api') return;
    const kubeconfig = this.access.kubeconfig('admin');
    for (const name of ['kube-controller-manager', 'kube-scheduler'])
      this.#daemons.start(name, controllerArguments(kubeconfig));
    if (mode === 'node') await this.startKubelet();
    else {
      this.#daemons.start('kwok', kwokArguments(kubeconfig, path.join(folder, 'kwok.yaml')));
      await this.access.kubectl('create', '-f', this.access.file(KWOK_NODE));
    }
    await this.#daemons.until('a pod could be scheduled', () => this.#isSchedulable());
  }

  /** New nodes have a taint until they are ready. */
  async #isSchedulable(): Promise<boolean> {
    const status = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{.spec.taints}{end}';
    return (await this.access.kubectl('get', 'nodes', '-o', `jsonpath=${status}`)) === 'True';
  }
}
