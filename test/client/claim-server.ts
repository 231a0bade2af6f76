// A server that responds to the procedures of claims as a test says, for what a real server does only when it fails.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Claim } from '../../src/client/index.ts';
import { toTrpcError } from '../../src/server/trpc/trpc-handler.ts';
import type { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { startHttpServer } from './raw-server.ts';

export type ClaimCall = { readonly procedure: string; readonly input: Readonly<Record<string, unknown>> };

/** What the server does with a call: returns data, fails with an error, or closes the connection. */
export type ClaimReply = Claim | WarmpoolError | 'lost' | undefined;

/** A claim that was requested and bound just now. */
export const claimFor = (ttlSeconds: number, fields: Partial<Claim> = {}): Claim => {
  const boundAt = Date.now();
  return {
    id: 'c-1',
    pool: 'agents',
    poolUid: 'u',
    state: 'bound',
    member: { name: 'm-1' },
    launch: 'warm',
    ttlSeconds,
    createdAt: new Date(boundAt).toISOString(),
    boundAt: new Date(boundAt).toISOString(),
    expiresAt: new Date(boundAt + ttlSeconds * 1_000).toISOString(),
    ...fields,
  };
};

/** `calls` lists what arrived. */
export const startClaimServer = async (reply: (call: ClaimCall, calls: readonly ClaimCall[]) => ClaimReply) => {
  const calls: ClaimCall[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const procedure = request.url?.split('/').at(-1) ?? '';
    const call = { procedure, input: (await json(request)) as ClaimCall['input'] };
    calls.push(call);
    send(response, reply(call, calls));
  };
  const { url } = await startHttpServer((request, response) => void respond(request, response));
  const countOf = (name: string) => calls.filter(({ procedure }) => procedure === name).length;
  return { url, calls, countOf };
};

const send = (response: ServerResponse, reply: ClaimReply): void => {
  if (reply === 'lost') {
    response.destroy();
    return;
  }
  const [status, body] =
    reply instanceof Error ? [reply.status, toTrpcError(reply, 'r')] : [200, { result: { data: reply } }];
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};
