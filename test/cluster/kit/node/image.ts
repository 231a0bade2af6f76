// The image of the pods, made of the machine's busybox: no registry is needed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BUSYBOX } from '../../../docker/kit/find-daemon.ts';

/** A tag other than `latest`, which the kubelet would pull. The node runs it as its pause image, too. */
export const IMAGE = 'localhost/sandbox:1';

/** Process 1 ignores signals that it does not handle, so `sleep` alone would take the whole grace period to end. */
const COMMAND = ['/bin/sh', '-c', 'trap "exit 0" TERM; sleep infinity & wait'];

/** Writes a file as `docker save` does, and returns its path. */
export const writeImage = (parent: string): string => {
  const folder = path.join(parent, 'image');
  const file = (name: string) => path.join(folder, name);
  writeRoot(file('root'));
  pack(file('layer.tar'), file('root'), '.');
  const digest = createHash('sha256')
    .update(readFileSync(file('layer.tar')))
    .digest('hex');
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin'], Cmd: COMMAND },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  writeFileSync(file('config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [IMAGE], Layers: ['layer.tar'] }];
  writeFileSync(file('manifest.json'), JSON.stringify(manifest));
  pack(file('image.tar'), folder, 'manifest.json', 'config.json', 'layer.tar');
  return file('image.tar');
};

const writeRoot = (root: string): void => {
  for (const name of ['bin', 'etc', 'tmp', 'root']) mkdirSync(path.join(root, name), { recursive: true });
  copyFileSync(BUSYBOX, path.join(root, 'bin/busybox'));
  const commands = execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const command of commands)
    if (command !== 'busybox') symlinkSync('busybox', path.join(root, 'bin', path.basename(command)));
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
};

const pack = (file: string, folder: string, ...names: string[]): void => {
  execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '--numeric-owner', '-cf', file, ...names]);
};
