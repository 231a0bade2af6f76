// `npm run bench`: measures, prints, and writes bench/results/. `npm run bench stream` measures the stream of pools only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
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

const [only] = process.argv.slice(2);
if (only !== 'stream') {
  const rates = await benchRates();
  console.table(rates);
  const scale = await benchScale();
  console.table(scale);
  write('latest.json', { rates, scale });
}
const stream = await benchStream();
printStream(stream);
write('stream.json', stream);
