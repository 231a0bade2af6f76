// `npm run bench`: measures, prints, and writes bench/results/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { benchRates } from './rates.ts';
import { benchScale } from './scale.ts';

const conditions = {
  at: new Date().toISOString(),
  node: process.version,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  note: 'Load generator and servers share the cores: trust the ratios, not the rates.',
};

const rates = await benchRates();
console.table(rates);
const scale = await benchScale();
console.table(scale);

const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('latest.json', folder), `${JSON.stringify({ conditions, rates, scale }, null, 2)}\n`);
