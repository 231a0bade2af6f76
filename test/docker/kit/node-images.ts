// Stand-ins for the two images that the Dockerfile starts from, made of what this machine has: no registry is needed.
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { BUSYBOX } from './find-daemon.ts';
import { removeFolder } from '../../support/remove-folder.ts';

/** Node.js with the libraries of it and of the native package of the dashboard's build, npm with the packages in its cache, and busybox. */
export const BUILD_IMAGE = 'warmpool-test-node:1';
/** The libraries of Node.js, and nothing else. */
export const BASE_IMAGE = 'warmpool-test-base:1';

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim();

export const importNodeImages = async (docker: Docker): Promise<void> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-image-'));
  try {
    const base = path.join(folder, 'base');
    addLibraries(base, process.execPath);
    await importFolder(docker, base, BASE_IMAGE);
    const build = path.join(folder, 'build');
    for (const program of [process.execPath, ...globSync('node_modules/@rolldown/*/*.node')])
      addLibraries(build, program);
    addNpm(build);
    addBusybox(build);
    await importFolder(docker, build, BUILD_IMAGE);
  } finally {
    removeFolder(folder);
  }
};

const addLibraries = (root: string, program: string): void => {
  for (const [, file = ''] of run('ldd', program).matchAll(/(\/\S+) \(0x/g)) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    copyFileSync(file, path.join(root, file));
  }
};

const addNpm = (root: string): void => {
  const bin = path.join(root, 'usr/local/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(process.execPath, path.join(bin, 'node'));
  // npm sets npm_execpath to its own script, which is npm/bin/npm-cli.js.
  const script = realpathSync(process.env.npm_execpath ?? run('sh', '-c', 'command -v npm'));
  const npm = path.join(path.dirname(script), '..');
  cpSync(npm, path.join(root, 'usr/local/lib/npm'), { recursive: true });
  symlinkSync('../lib/npm/bin/npm-cli.js', path.join(bin, 'npm'));
  const cache = path.join(run('npm', 'config', 'get', 'cache'), '_cacache');
  if (!existsSync(cache)) throw new Error(`npm has no cache in ${cache}: run npm ci once.`);
  cpSync(cache, path.join(root, 'root/.npm/_cacache'), { recursive: true });
  writeFileSync(path.join(root, 'root/.npmrc'), 'offline=true\nupdate-notifier=false\n');
};

const addBusybox = (root: string): void => {
  for (const name of ['bin', 'usr/bin', 'tmp', 'etc']) mkdirSync(path.join(root, name), { recursive: true });
  copyFileSync(BUSYBOX, path.join(root, 'bin/busybox'));
  for (const name of ['sh', 'rm', 'cp', 'mkdir', 'find', 'chmod']) symlinkSync('busybox', path.join(root, 'bin', name));
  symlinkSync('/bin/busybox', path.join(root, 'usr/bin/env'));
};

const importFolder = async (docker: Docker, folder: string, image: string): Promise<void> => {
  const tar = spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [repo, tag] = image.split(':');
  const env = 'ENV PATH=/usr/local/bin:/usr/bin:/bin HOME=/root';
  for await (const _ of await docker.importImage(tar.stdout, { repo, tag, changes: env }));
};
