// A folder with a kubeconfig of one context, the files it names, and a credential plugin; and a connection from it.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ClusterConnection } from '../../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../../src/services/kubernetes/connection/kube-config.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { temporaryFolder } from '../../../support/test-server.ts';

export const API_VERSION = 'client.authentication.k8s.io/v1';

/** The JSON that a plugin prints. */
export const execCredential = (status: object, apiVersion = API_VERSION): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion, status });

export class KubeconfigFolder {
  readonly path = temporaryFolder();
  readonly clock = new FakeClock();

  /** Replaces the file by a rename, as cert-manager and the kubelet do. */
  write(name: string, content: string): string {
    const file = path.join(this.path, name);
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
    return file;
  }

  /** Path of the kubeconfig. */
  writeKubeconfig(cluster: object, user: object | null = {}): string {
    return this.write(
      'config',
      JSON.stringify({
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
  }

  /**
   * A plugin in the folder `bin` that prints the file `credential` and records each run with its variables.
   * @returns The field `exec` of a user, with its command relative to the kubeconfig.
   */
  writePlugin(credential: string, script = `cat "${this.path}/credential"`): object {
    this.write('credential', credential);
    const file = this.write(
      'plugin',
      `#!/bin/sh\nprintf '%s\\n' "$KUBERNETES_EXEC_INFO" >> "${this.path}/runs"\n${script}\n`,
    );
    chmodSync(file, 0o755);
    return { apiVersion: API_VERSION, command: './plugin', interactiveMode: 'Never' };
  }

  /** What each run of the plugin received in KUBERNETES_EXEC_INFO. */
  get runs(): readonly string[] {
    const file = path.join(this.path, 'runs');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  /** A connection to what the kubeconfig says. */
  connect(): ClusterConnection {
    const { kubeConfig } = findCluster({ kubeconfigPaths: [path.join(this.path, 'config')] });
    const connection = new ClusterConnection(kubeConfig, undefined, this.clock);
    onTestFinished(() => connection.close());
    return connection;
  }

  passSeconds(seconds: number): void {
    this.clock.moveTo(this.clock.now() + seconds * 1_000);
  }
}

const DEADLINE_MS = 10_000;

/** Makes one call. */
export const get = (connection: ClusterConnection): Promise<unknown> =>
  connection.request({ verb: 'get', path: '/api/v1/namespaces/n' }, AbortSignal.timeout(DEADLINE_MS));
