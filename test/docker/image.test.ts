// The image of the Dockerfile, built by `npm run image` and run as deploy/warmpool.yaml runs it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { dockerAddress } from '../../src/services/docker/connection/docker-host.ts';
import { BASE_IMAGE, BUILD_IMAGE, importNodeImages } from './kit/node-images.ts';

const IMAGE = 'warmpool-test-server:1';
const SCRIPT = fileURLToPath(new URL('../../scripts/image.mjs', import.meta.url));
const MAX_BYTES = 250e6;
/** Of the base image that the Dockerfile names; the stand-in is smaller. */
const REAL_BASE_BYTES = 30e6;
const BUILD_DEADLINE_MS = 480_000;

const { host, network } = inject('docker');
const docker = new Docker(dockerAddress(host));
const run = promisify(execFile);

const buildImage = () => {
  const images = [`BUILD_IMAGE=${BUILD_IMAGE}`, `BASE_IMAGE=${BASE_IMAGE}`].flatMap((arg) => ['--build-arg', arg]);
  // Everything that the build needs is in its images.
  const args = [SCRIPT, '--tag', IMAGE, '--network', 'none', ...images];
  const env = { ...process.env, DOCKER_HOST: host };
  return run(process.execPath, args, { env, maxBuffer: 64e6 }).catch((error: unknown) => {
    throw new Error(`The image cannot be built:\n${(error as { stdout: string }).stdout.slice(-4_000)}`);
  });
};

beforeAll(async () => {
  await importNodeImages(docker);
  await buildImage();
}, BUILD_DEADLINE_MS);
afterAll(async () => {
  for (const image of [IMAGE, BUILD_IMAGE, BASE_IMAGE]) await docker.getImage(image).remove({ force: true });
});

const start = async (options: Docker.HostConfig, env: string[] = []) => {
  const container = await docker.createContainer({
    Image: IMAGE,
    User: '65532:65532',
    Env: ['OPENSANDBOX_SERVER_API_KEY=key', ...env],
    HostConfig: { NetworkMode: network, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ...options },
  });
  onTestFinished(() => container.remove({ force: true, v: true }));
  await container.start();
  const { NetworkSettings } = await container.inspect();
  return { container, url: `http://${NetworkSettings.Networks[network]?.IPAddress}:8080` };
};

const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

describe('The image of Warmpool', () => {
  test('The image runs with a read-only root file system, serves API and dashboard, and ends in time on SIGTERM', async () => {
    const { container, url } = await start({ ReadonlyRootfs: true, Tmpfs: { '/data': 'uid=65532,mode=0700' } });
    await expect.poll(() => statusOf(`${url}/health`), { timeout: 30_000 }).toBe(200);
    for (const path of ['/ready', '/docs', '/ui/', '/openapi.json'])
      expect({ path, status: await statusOf(`${url}${path}`) }).toEqual({ path, status: 200 });
    const startedMs = performance.now();
    await container.stop({ t: 10 });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect((await container.inspect()).State.ExitCode).toBe(0);
  });

  test('The image keeps its data in /data, which its user can write', async () => {
    const { url } = await start({});
    await expect.poll(() => statusOf(`${url}/health`), { timeout: 30_000 }).toBe(200);
  });

  test('The image has fewer than 250 MB, a user that is not root, and no npm', async () => {
    const { Size, Config } = await docker.getImage(IMAGE).inspect();
    const { Size: base } = await docker.getImage(BASE_IMAGE).inspect();
    expect(Size - base).toBeLessThan(MAX_BYTES - REAL_BASE_BYTES);
    expect(Config.User).toBe('65532:65532');
    const { container } = await start({}, []);
    const npm = await container.getArchive({ path: '/usr/local/lib' }).catch(() => 'missing');
    expect(npm).toBe('missing');
    const typescript = await container.getArchive({ path: '/warmpool/node_modules/typescript' }).catch(() => 'missing');
    expect(typescript).toBe('missing');
  });

  test('Without the docker command, npm run image prints one sentence', async () => {
    const failed = run(process.execPath, [SCRIPT], { env: { PATH: '/nonexistent' } });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The docker command is missing\. .*\n$/) as string,
    });
  });
});
