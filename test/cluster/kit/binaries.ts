// Finds etcd, kube-apiserver and kubectl: those of KUBEBUILDER_ASSETS, or built once into a cache folder outside the repository.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('build.sh', import.meta.url));

/** The folder that has the binaries. Builds what is missing, which takes minutes; throws when it cannot. */
export const findBinaries = (): string => {
  const given = process.env.KUBEBUILDER_ASSETS;
  if (given !== undefined && given !== '') {
    for (const name of ['etcd', 'kube-apiserver', 'kubectl'])
      if (!existsSync(path.join(given, name))) throw new Error(`KUBEBUILDER_ASSETS=${given} has no ${name}.`);
    return given;
  }
  const folder = path.join(
    process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
    'warmpool-test-cluster',
    'bin',
  );
  execFileSync('bash', [BUILD, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
};
