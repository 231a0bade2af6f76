// `npm run bench:cluster`: the Kubernetes runtime on a real API server of this machine. `npm run bench:cluster -- pools` measures
// pools only, `npm run bench:cluster -- claims` claims on pods that Warmpool's own controller starts.
// `--seconds <n>` shortens each measurement of claims for a try: then no file of results is written.
import { parseArgs } from 'node:util';

const options = { seconds: { type: 'string' } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });

const benches: Readonly<Record<string, () => Promise<void>>> = {
  pools: async () => {
    await import('./kubernetes.ts');
  },
  claims: async () => {
    const { benchClusterClaims } = await import('./cluster-claims.ts');
    await benchClusterClaims(values.seconds === undefined ? undefined : Number(values.seconds));
  },
};

for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`There is no benchmark "${name}": ${Object.keys(benches).join(', ')}.`);
  await bench();
}
