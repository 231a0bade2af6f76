// `warmpool check`: checks what was written about claims in a Kubernetes cluster in the last minutes.
import type { Config } from '../config/settings.ts';

/** A check that looked back less far than it was asked to, by more than this, says so. */
const SHORTER_SECONDS = 30;

/** Sets the exit code: 1 if a promise was broken, 2 if that could not be checked. @param readOptions May throw. */
export const runCheck = async (sinceSeconds: number, readOptions: () => Config['kubernetes']): Promise<void> => {
  try {
    process.exitCode = (await check(sinceSeconds, readOptions())) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`warmpool: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
};

/** Whether every promise was kept. */
const check = async (sinceSeconds: number, options: Config['kubernetes']): Promise<boolean> => {
  // Its library is large: only this command loads it.
  const { RecentCheck } = await import('../../services/kubernetes/check/recent-check.ts');
  const { describeViolations } = await import('../../services/kubernetes/check/violation.ts');
  const recent = new RecentCheck(options);
  try {
    process.stderr.write(`cluster: ${recent.where}\n`);
    const { violations, sinceMs, untilMs, writes, pods, pools } = await recent.run(Date.now() - sinceSeconds * 1_000);
    const seconds = sinceMs === undefined ? 0 : Math.round((untilMs - sinceMs) / 1_000);
    const period = sinceMs === undefined ? '' : ` since ${timeOf(sinceMs)} (${durationOf(seconds)})`;
    const what = `checked ${counted(writes, 'write')} to ${counted(pods, 'pod')} of ${counted(pools, 'pool')}${period}`;
    process.stdout.write(
      `${[`${what}: ${resultOf(violations.length)}`, ...describeViolations(violations)].join('\n')}\n`,
    );
    if (sinceSeconds - seconds > SHORTER_SECONDS)
      process.stderr.write('The cluster has no older writes: its API server deletes them after 5 to 10 minutes.\n');
    return violations.length === 0;
  } finally {
    await recent.close();
  }
};

const resultOf = (broken: number): string => {
  if (broken === 0) return 'no promise was broken';
  return broken === 1 ? 'a promise was broken' : `promises were broken ${broken} times`;
};

/** Time of day in UTC. */
const timeOf = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(11, 19)}Z`;
const durationOf = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
/** "1 pod", "1 234 pods". */
const counted = (number: number, noun: string): string =>
  `${number.toLocaleString('en').replaceAll(',', ' ')} ${noun}${number === 1 ? '' : 's'}`;
