// Claims of members that run already, at a fixed rate, while the pool starts the members that replace them.
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { PairTarget } from '../claims/pairs.ts';
import { percentiles } from '../stream/percentiles.ts';

export type WarmLoad = { readonly perSecond: number; readonly seconds: number; readonly holdMs: number };

type Claim = { readonly id: string; readonly launch: 'warm' | 'cold' };

/** Each claim timed from when it was due until its response was read, however long the others take. */
export const measureWarm = async (target: PairTarget, { perSecond, seconds, holdMs }: WarmLoad) => {
  const { port, headers, collection, body, item } = target;
  const origin = `http://127.0.0.1:${port}`;
  const dispatcher = new Agent();
  const send = async (method: 'POST' | 'DELETE', route: string, status: number, sent?: string): Promise<string> => {
    const given = { ...headers, ...(sent !== undefined && { 'Content-Type': 'application/json' }) };
    const response = await request(origin + route, { method, dispatcher, headers: given, body: sent ?? null });
    const text = await response.body.text();
    if (response.statusCode !== status) throw new Error(`${method} ${route}: ${text}`);
    return text;
  };
  const latenciesMs: number[] = [];
  let cold = 0;
  const use = async (dueMs: number) => {
    await setTimeout(dueMs - performance.now());
    const { id, launch } = JSON.parse(await send('POST', collection, 201, body)) as Claim;
    latenciesMs.push(performance.now() - dueMs);
    if (launch === 'cold') cold++;
    await setTimeout(holdMs);
    await send('DELETE', item + id, 204);
  };
  const startMs = performance.now() + 100;
  await Promise.all(
    Array.from({ length: perSecond * seconds }, (_, index) => use(startMs + (index / perSecond) * 1_000)),
  );
  await dispatcher.close();
  return { claims: latenciesMs.length, cold, ...percentiles(latenciesMs) };
};
