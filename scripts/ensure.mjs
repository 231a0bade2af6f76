// Installs the dependencies when they are missing or older than the lock file. Plain JavaScript: it must run on Node 20.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = path.join(root, 'package-lock.json');
const installed = path.join(root, 'node_modules', '.package-lock.json');

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('Installing dependencies (once, about half a minute) ...');
  // npm sets npm_execpath to its own script; on Windows npm itself is a .cmd file that cannot be spawned directly.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--no-progress'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const bundled = existsSync(path.join(root, 'node_modules', '.bin', 'node'));
if (!bundled && Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Warmpool needs Node.js 24 or newer. This is ${process.version}, and there is no Node package for ${process.platform}-${process.arch}: install Node.js 24 (https://nodejs.org).`,
  );
  process.exit(1);
}
