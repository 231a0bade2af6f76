// Checks how much JavaScript the dashboard loads before it shows something: its entry, and everything that imports statically.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildDashboard } from './dashboard/build.mjs';

const MAX_KB = 200;

const folder = await buildDashboard();
const manifest = JSON.parse(readFileSync(path.join(folder, '.vite/manifest.json'), 'utf8'));

/** The keys of the chunks that a browser loads together with this one. */
const withImports = (key, known = new Set()) => {
  if (known.has(key)) return known;
  known.add(key);
  for (const imported of manifest[key].imports ?? []) withImports(imported, known);
  return known;
};

const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
const chunks = new Set(entries.flatMap((key) => [...withImports(key)]));
const sizes = [...chunks].map((key) => {
  const { file } = manifest[key];
  return { file, kB: gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length / 1_000 };
});
const total = sizes.reduce((sum, { kB }) => sum + kB, 0);

console.log(`The dashboard loads ${total.toFixed(1)} kB of JavaScript first (gzip); the maximum is ${MAX_KB} kB.`);
if (total > MAX_KB) {
  for (const { file, kB } of sizes) console.error(`${file}: ${kB.toFixed(1)} kB`);
  console.error('Import what is not needed at once with import().');
  process.exitCode = 1;
}
