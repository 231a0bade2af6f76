// An image registry on the loopback: as much of the distribution API as a pull needs, with one image of busybox.
// Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../support/remove-folder.ts';

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const layerOf = (busybox: string): Buffer => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-layer-'));
  try {
    mkdirSync(path.join(folder, 'bin'));
    copyFileSync(busybox, path.join(folder, 'bin/busybox'));
    return execFileSync('tar', ['-C', folder, '-c', '.'], { maxBuffer: 64 * 1024 ** 2 });
  } finally {
    removeFolder(folder);
  }
};

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

export const startRegistry = async (busybox = '/bin/busybox') => {
  const layer = layerOf(busybox);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      config: {},
    }),
  );
  const blobs = new Map([layer, config].map((bytes) => [digestOf(bytes), bytes]));
  const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: descriptor('application/vnd.docker.container.image.v1+json', config),
      layers: [descriptor('application/vnd.docker.image.rootfs.diff.tar', layer)],
    }),
  );
  const registry = { address: '', requests: [] as string[], gate: Promise.resolve(), close: () => Promise.resolve() };
  const serve = async ({ url = '', method = '' }: http.IncomingMessage, response: http.ServerResponse) => {
    registry.requests.push(`${method} ${url}`);
    if (url === '/v2/') return response.end('{}');
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    if (kind === undefined || name === 'missing')
      return response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
    if (kind === 'blobs') await registry.gate;
    const bytes = kind === 'manifests' ? manifest : (blobs.get(reference) ?? Buffer.of());
    const type = kind === 'manifests' ? MANIFEST : 'application/octet-stream';
    response.writeHead(200, {
      'content-type': type,
      'content-length': bytes.length,
      'docker-content-digest': digestOf(bytes),
    });
    return response.end(method === 'HEAD' ? undefined : bytes);
  };
  const server = http.createServer((request, response) => {
    void serve(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  registry.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return registry;
};
