// A node whose pods run: containerd and a kubelet. Several can run at a time, and alongside other kubelets of the machine.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Authority } from '../../../services/kubernetes/connection/certificates.ts';
import type { Daemons } from '../daemons.ts';
import { containerdConfig, networkConfig } from './containerd-config.ts';
import { HostState } from './host-state.ts';
import { writeImage } from './image.ts';
import { kubeletConfig } from './kubelet-config.ts';

/** Shell that runs a command where it sees its own versions of what a kubelet and containerd write at fixed places. */
const ISOLATE = `set -e
for folder in /run /var/lib /var/log; do mount -t tmpfs tmpfs $folder; done
for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  copy=/run/\${setting##*/}
  cat /proc/sys/$setting >$copy
  mount --bind $copy /proc/sys/$setting
done
exec "$@"`;

type Options = { readonly bin: string; readonly folder: string; readonly kubeletPort: number };

export class RealNode {
  readonly name = 'node1';
  readonly #daemons: Daemons;
  readonly #bin: string;
  readonly #folder: string;
  readonly #host: HostState;
  readonly #kubeletPort: number;

  constructor(daemons: Daemons, { bin, folder, kubeletPort }: Options) {
    this.#daemons = daemons;
    this.#bin = bin;
    this.#folder = folder;
    this.#kubeletPort = kubeletPort;
    this.#host = new HostState(folder);
  }

  /** How the API server identifies itself to the kubelet, which is what exec and logs take. */
  get apiServerArguments(): string[] {
    return [
      `--kubelet-client-certificate=${this.#file('kubelet-client.crt')}`,
      `--kubelet-client-key=${this.#file('kubelet-client.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--allow-privileged=true',
    ];
  }

  /** Resolves when containerd has the image of the tests. */
  async prepare(): Promise<void> {
    this.#writeCertificates();
    this.#host.create();
    mkdirSync(this.#file('network'));
    this.#write('network/10-bridge.conflist', networkConfig(this.#host));
    this.#write('containerd.toml', containerdConfig(this.#bin, this.#folder));
    const isolated = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', ISOLATE, 'sh'];
    this.#daemons.start('containerd', ['--config', this.#file('containerd.toml')], isolated);
    await this.#daemons.until('containerd responded', async () => {
      await this.#ctr('version');
      return true;
    });
    await this.#ctr('images', 'import', writeImage(this.#folder));
  }

  startKubelet(kubeconfig: string): void {
    this.#write('kubelet.json', kubeletConfig(this.#host, this.#folder, this.#kubeletPort));
    const args = [
      `--config=${this.#file('kubelet.json')}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${this.#file('kubelet')}`,
      `--cert-dir=${this.#file('kubelet-pki')}`,
      `--hostname-override=${this.name}`,
      `--node-ip=${this.#host.address}`,
    ];
    // The two share their mounts.
    this.#daemons.start('kubelet', args, ['nsenter', `--mount=/proc/${this.#daemons.pid('containerd')}/ns/mnt`]);
  }

  async killKubelet(): Promise<void> {
    await this.#daemons.kill('kubelet');
  }

  /** Ends the pods, and removes what the node has on the machine outside its folder. */
  remove(): void {
    this.#host.remove();
  }

  /** The kubelet trusts who has a certificate of this authority; only the API server has one. */
  #writeCertificates(): void {
    const authority = new Authority();
    const { certificate, key } = authority.issue('kube-apiserver');
    this.#write('kubelet-ca.crt', authority.pem);
    this.#write('kubelet-client.crt', certificate);
    this.#write('kubelet-client.key', key);
  }

  async #ctr(...args: string[]): Promise<void> {
    const place = ['--address', this.#file('containerd.sock'), '--namespace', 'k8s.io'];
    await promisify(execFile)(path.join(this.#bin, 'ctr'), [...place, ...args]);
  }

  #write(name: string, content: string): void {
    writeFileSync(this.#file(name), content, { mode: 0o600 });
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }
}
