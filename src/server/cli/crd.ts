// `warmpool crd`: installs the CRD of pools, or compares the installed one with the one that Warmpool ships.
import type { Config } from '../config/settings.ts';

/** Sets the exit code to 1 if an administrator has to act. */
export const runCrd = async (action: 'install' | 'check', options: Config['kubernetes']): Promise<void> => {
  // Its library is large: only this command loads it.
  const { PoolCrd } = await import('../../services/kubernetes/crd/pool-crd.ts');
  const crd = new PoolCrd(options);
  try {
    process.stderr.write(`cluster: ${crd.where}\n`);
    const { isInstalled, sentence, differences, harmless } = await crd[action]();
    const { controller } = options;
    const lines = [
      sentence,
      ...section(`Differences that matter for controller ${controller}:`, differences),
      ...section(`Differences that do not matter for controller ${controller}:`, harmless),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = isInstalled && (action === 'install' || differences.length === 0) ? 0 : 1;
  } finally {
    await crd.close();
  }
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${line}`)];
