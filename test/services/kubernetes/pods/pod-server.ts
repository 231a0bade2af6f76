// A server in place of the API server: one pod, whose marks are patched and in whose containers commands are run.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { ClusterConnection } from '../../../../src/services/kubernetes/connection/cluster-connection.ts';
import { PODS, type Pod } from '../../../../src/services/kubernetes/members/pod.ts';
import type { PatchOperation } from '../../../../src/services/kubernetes/resource/resource-client.ts';
import { Authority, base64 } from '../connection/certificates.ts';
import { KubeconfigFolder } from '../connection/kubeconfig-folder.ts';

/** How the command ends: its Status, a refusal of the handshake, a connection that closes without one, or no response at all. */
export type Ending =
  { readonly status: object } | { readonly refusal: number; readonly message: string } | 'hang-up' | 'silent';

type Command = {
  readonly container: string | null;
  readonly command: readonly string[];
  readonly authorization: string | undefined;
  readonly groups: string;
};

const authority = new Authority();
/** Source: RFC 6455, section 1.3. */
const WEB_SOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export const SUCCESS: Ending = { status: { status: 'Success' } };
export const exitCode = (code: number): Ending => ({
  status: {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  },
});

export const startPodServer = async (stored: object, ending: (container: string | null) => Ending) => {
  const commands: Command[] = [];
  const deleted: string[] = [];
  let pod: Pod = PODS.schema.parse(stored);
  const { certificate: cert, key } = authority.issue('server');
  const server = createServer({ cert, key }, (request, response) => {
    const respond = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'DELETE') {
      deleted.push(request.url ?? '');
      respond(200, { kind: 'Status', status: 'Success' });
      return;
    }
    void json(request).then((patch) => {
      pod = patched(pod, patch as PatchOperation[]);
      respond(200, pod);
    });
  });
  const sockets = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.resume();
    const { searchParams } = new URL(request.url ?? '', 'https://localhost');
    const { authorization } = request.headers;
    const container = searchParams.get('container');
    commands.push({
      container,
      command: searchParams.getAll('command'),
      authorization,
      groups: request.rawHeaders
        .filter((_header, index) => request.rawHeaders[index - 1] === 'Impersonate-Group')
        .join(),
    });
    runCommand(request, socket, ending(container));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const folder = new KubeconfigFolder();
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': base64(authority.pem) };
  folder.writeKubeconfig(cluster, { token: 'secret', as: 'someone', 'as-groups': ['one', 'two'] });
  const connection: ClusterConnection = folder.connect();
  return {
    connection,
    commands,
    deleted,
    sockets,
    /** Changes the pod as the kubelet does. */
    change: (changes: Partial<Pod['status']>): Pod => {
      pod = { ...pod, metadata: next(pod), status: { ...pod.status, ...changes } };
      return pod;
    },
    get pod(): Pod {
      return pod;
    },
  };
};

const next = ({ metadata }: Pod) => ({ ...metadata, resourceVersion: String(Number(metadata.resourceVersion) + 1) });

/** Carries out what a patch does with annotations. */
const patched = (pod: Pod, patch: readonly PatchOperation[]): Pod => {
  const annotations = { ...pod.metadata.annotations };
  for (const operation of patch) {
    const [, field, pointer = ''] = operation.path.slice(1).split('/');
    if (field !== 'annotations') continue;
    const name = pointer.replaceAll('~1', '/');
    if (operation.op === 'add') annotations[name] = String(operation.value);
    if (operation.op === 'remove') Reflect.deleteProperty(annotations, name);
  }
  return { ...pod, metadata: { ...next(pod), annotations } };
};

const runCommand = (request: IncomingMessage, socket: Duplex, ending: Ending): void => {
  if (ending === 'silent') return;
  if (ending !== 'hang-up' && 'refusal' in ending) {
    const body = JSON.stringify({ kind: 'Status', message: ending.message, reason: 'Forbidden' });
    socket.end(`HTTP/1.1 ${ending.refusal} Refused\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    return;
  }
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}${WEB_SOCKET_GUID}`)
    .digest('base64');
  const protocol = request.headers['sec-websocket-protocol'] ?? '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  if (ending === 'hang-up') {
    socket.destroy();
    return;
  }
  socket.write(frame(2, Buffer.from([1, ...Buffer.from('output')])));
  socket.write(frame(2, Buffer.from([3, ...Buffer.from(JSON.stringify(ending.status))])));
  socket.end(frame(8, Buffer.from([0x03, 0xe8])));
};

/** A whole message of a server. Source: RFC 6455, section 5.2. */
const frame = (opcode: number, payload: Buffer): Buffer => {
  const length =
    payload.length < 126
      ? Buffer.from([payload.length])
      : Buffer.from([126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, payload]);
};
