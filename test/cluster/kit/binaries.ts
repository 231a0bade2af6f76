// Finds the binaries of a test cluster: those of KUBEBUILDER_ASSETS, or built once into a cache folder outside the repository.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * - `api`: etcd and kube-apiserver. No controller runs: tests write what one would.
 * - `kwok`: also kube-controller-manager, kube-scheduler and a node of kwok, on which pods become Ready without running.
 * - `node`: as `kwok`, but with a kubelet and containerd: pods run. Takes root.
 */
export type Mode = 'api' | 'kwok' | 'node';

const API = ['etcd', 'kube-apiserver', 'kubectl'];
const CONTROLLERS = [...API, 'kube-controller-manager', 'kube-scheduler'];
const BINARIES: Readonly<Record<Mode, readonly string[]>> = {
  api: API,
  kwok: [...CONTROLLERS, 'kwok'],
  node: [...CONTROLLERS, 'kubelet', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'bridge', 'host-local'],
};

const BUILD = fileURLToPath(new URL('build.sh', import.meta.url));

const cacheFolder = () =>
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'warmpool-test-cluster', 'bin');

/** The binaries of a mode that a folder lacks. */
const missingFrom = (folder: string, mode: Mode): string[] =>
  BINARIES[mode].filter((name) => !existsSync(path.join(folder, name)));

/** The folder that KUBEBUILDER_ASSETS names. Those that are published have only what `api` takes, so other modes may do without. */
const givenFolder = (mode: Mode): string | undefined => {
  const given = process.env.KUBEBUILDER_ASSETS;
  if (given === undefined || given === '') return undefined;
  const [missing] = missingFrom(given, mode);
  if (missing === undefined) return given;
  if (mode === 'api') throw new Error(`KUBEBUILDER_ASSETS=${given} has no ${missing}.`);
  return undefined;
};

/** Whether `findBinaries` needs the Go toolchain. */
export const mustBuild = (mode: Mode): boolean =>
  givenFolder(mode) === undefined && missingFrom(cacheFolder(), mode).length > 0;

/** The folder that has the binaries of a mode. Builds what is missing, which takes minutes; throws when it cannot. */
export const findBinaries = (mode: Mode): string => {
  const given = givenFolder(mode);
  if (given !== undefined) return given;
  const folder = cacheFolder();
  execFileSync('bash', [BUILD, folder, ...BINARIES[mode]], { stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
};
