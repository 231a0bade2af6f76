// One attempt of a probe over the network, from the server to the address of the container.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a probe is an HTTP client; services serve no HTTP
import http from 'node:http';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- as above
import https from 'node:https';
import net from 'node:net';
import type { ProbeHandler } from '../template/probe.ts';

/** Resolves if the probe succeeds and rejects with the reason if it fails, or when the signal aborts. */
export type Attempt = (signal: AbortSignal) => Promise<void>;

type Handler<Kind extends ProbeHandler['kind']> = Extract<ProbeHandler, { kind: Kind }>;

/** Succeeds if the port accepts a connection. */
export const tcpAttempt =
  ({ port, host }: Handler<'tcpSocket'>, address: string): Attempt =>
  (signal) =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ host: host ?? address, port, signal });
      socket.once('error', reject);
      socket.once('connect', () => {
        resolve();
        socket.destroy();
      });
    });

/** Succeeds with a status from 200 to 399. Redirects are not followed and certificates not verified; the body is not read. */
export const httpAttempt =
  (handler: Handler<'httpGet'>, address: string): Attempt =>
  (signal) =>
    new Promise((resolve, reject) => {
      const { scheme, host = address, port, headers } = handler;
      const path = handler.path.startsWith('/') ? handler.path : `/${handler.path}`;
      const options = { host, port, path, agent: false, signal } as const;
      const request =
        scheme === 'HTTPS' ? https.request({ ...options, rejectUnauthorized: false }) : http.request(options);
      for (const { name, value } of headers)
        if (name.toLowerCase() === 'host') request.setHeader(name, value);
        else request.appendHeader(name, value);
      if (!request.hasHeader('User-Agent')) request.setHeader('User-Agent', 'warmpool-probe');
      request.on('error', reject);
      request.once('response', ({ statusCode = 0 }) => {
        if (statusCode >= 200 && statusCode < 400) resolve();
        else reject(new Error(`HTTP status ${statusCode}`));
        request.destroy();
      });
      request.end();
    });
