// An image with nothing but busybox: no registry is needed.
import { spawn, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { BUSYBOX } from './find-daemon.ts';
import { removeFolder } from '../../support/remove-folder.ts';

export const IMAGE = 'warmpool-test:1';

const COMMANDS = [
  'sh',
  'sleep',
  'httpd',
  'nc',
  'cat',
  'echo',
  'ls',
  'touch',
  'test',
  'id',
  'wget',
  'kill',
  'mkdir',
  'rm',
];

export const importImage = async (docker: Docker): Promise<void> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-image-'));
  try {
    for (const name of ['bin', 'tmp', 'www', 'old']) mkdirSync(path.join(folder, name), { mode: 0o777 });
    execFileSync('chmod', ['777', path.join(folder, 'tmp')]);
    copyFileSync(BUSYBOX, path.join(folder, 'bin/busybox'));
    for (const command of COMMANDS) symlinkSync('busybox', path.join(folder, 'bin', command));
    const tar = spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [repo, tag] = IMAGE.split(':');
    const progress = await docker.importImage(tar.stdout, { repo, tag });
    for await (const _ of progress);
  } finally {
    removeFolder(folder);
  }
};
