// Builds the dashboard into a folder named after the hash of its sources, and makes that the current one. Plain JavaScript: it must run on Node 20.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressFiles } from './compress.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = path.join(ROOT, 'src/dashboard/dist');
/** A file with the name of the build that the server serves. */
const CURRENT = path.join(DIST, 'current');
const CONFIG = path.join(ROOT, 'vite.dashboard.config.ts');

/** What the build depends on. */
const SOURCES = [
  'src/dashboard',
  'src/contract',
  'src/client',
  'scripts/dashboard',
  'vite.dashboard.config.ts',
  'package-lock.json',
];

/** How old the folder of a build that is still running can be, in milliseconds. */
const DRAFT_MAX_AGE_MS = 3_600_000;

/** Builds the dashboard if its sources have changed since the current build. Returns the folder of the build. */
export const buildDashboard = async () => {
  const name = await hashOfSources();
  const folder = path.join(DIST, name);
  if ((await currentBuild()) === name && existsSync(folder)) return folder;
  console.error('Building the dashboard (once) ...');
  if (!existsSync(folder)) await buildInto(folder);
  await makeCurrent(name);
  await removeOthers(name);
  return folder;
};

const currentBuild = async () => (await readFile(CURRENT, 'utf8').catch(() => '')).trim();

const hashOfSources = async () => {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of await filesOf(path.join(ROOT, source))) {
      const name = path.relative(ROOT, file).replaceAll(path.sep, '/');
      const content = await readFile(file);
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  return hash.digest('hex').slice(0, 16);
};

const filesOf = async (file) => {
  if (!(await stat(file)).isDirectory()) return [file];
  const names = (await readdir(file)).filter((name) => name !== 'dist' && name !== 'node_modules').sort();
  return (await Promise.all(names.map((name) => filesOf(path.join(file, name))))).flat();
};

/** Several processes may build at the same time: each has a draft of its own, and the first one to finish names its folder. */
const buildInto = async (folder) => {
  await mkdir(DIST, { recursive: true });
  const draft = await mkdtemp(path.join(DIST, '.draft-'));
  try {
    // Vite would follow a NODE_ENV of the shell or of a test runner, and build React for development.
    process.env.NODE_ENV = 'production';
    const { build } = await import('vite');
    await build({ configFile: CONFIG, logLevel: 'warn', build: { outDir: draft, emptyOutDir: true } });
    await compressFiles(draft);
    await rename(draft, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

/** A rename: a server that reads the file finds the old name or the new one. */
const makeCurrent = async (name) => {
  const draft = `${CURRENT}.${process.pid}`;
  await writeFile(draft, `${name}\n`);
  await rename(draft, CURRENT);
};

const removeOthers = async (name) => {
  for (const other of await readdir(DIST)) {
    if (other === name || other.startsWith('current')) continue;
    const file = path.join(DIST, other);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    if (other.startsWith('.draft-') && Date.now() - mtimeMs < DRAFT_MAX_AGE_MS) continue;
    await rm(file, { recursive: true, force: true });
  }
};
