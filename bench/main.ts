// `npm run bench`: measures, prints, and writes bench/results/. `npm run bench stream` measures the stream of pools only,
// `npm run bench claims` claims only, `npm run bench dashboard` the dashboard in a browser, `npm run bench history` histories, `npm run bench docker` claims on a Docker daemon.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { benchClaims, printClaims } from './claims.ts';
import { benchDashboard, printDashboard } from './dashboard.ts';
import { benchDocker, printDocker } from './docker.ts';
import { benchHistory, printHistory } from './history.ts';
import { benchRates } from './rates.ts';
import { benchScale } from './scale.ts';
import { benchStream, printStream } from './stream.ts';

const conditions = {
  at: new Date().toISOString(),
  node: process.version,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  note: 'Load generator and servers share the cores: trust the ratios, not the rates.',
};

const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const write = (file: string, results: object): void => {
  writeFileSync(new URL(file, folder), `${JSON.stringify({ conditions, ...results }, null, 2)}\n`);
};

const benches: Readonly<Record<string, () => Promise<void>>> = {
  rates: async () => {
    const rates = await benchRates();
    console.table(rates);
    const scale = await benchScale();
    console.table(scale);
    write('latest.json', { rates, scale });
  },
  stream: async () => {
    const stream = await benchStream();
    printStream(stream);
    write('stream.json', stream);
  },
  claims: async () => {
    const claims = await benchClaims();
    printClaims(claims);
    write('claims.json', claims);
  },
  history: async () => {
    const history = await benchHistory();
    printHistory(history);
    write('history.json', history);
  },
  dashboard: async () => {
    const dashboard = await benchDashboard();
    printDashboard(dashboard);
    write('dashboard.json', dashboard);
  },
  docker: async () => {
    const docker = await benchDocker();
    if ('missing' in docker) {
      console.log(`docker: skipped, because ${docker.missing}`);
      return;
    }
    printDocker(docker);
    write('docker.json', docker);
  },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`There is no benchmark "${name}": ${Object.keys(benches).join(', ')}.`);
  await bench();
}
