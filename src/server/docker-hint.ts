// Whether a Docker daemon could run real members, for a server that simulates them.
import { get, type RequestOptions } from 'node:http';
import { dockerAddress } from '../services/docker/connection/docker-host.ts';

const TIMEOUT_MS = 300;

/** Resolves within 300 ms; false if the address is not valid. A daemon that asks for TLS is not found. */
export const isDockerReachable = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const refuse = () => {
      resolve(false);
    };
    try {
      const { socketPath, host: hostname, port } = dockerAddress(host);
      const address: RequestOptions = socketPath === undefined ? { host: hostname, port } : { socketPath };
      const request = get({ ...address, path: '/_ping', signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      request.on('error', refuse);
    } catch {
      refuse();
    }
  });
