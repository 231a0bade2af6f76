// A client of claims that notices when the server is killed, and validates every response against the OpenAPI document.
import { expect } from 'vitest';
import { ClaimList, type Claim } from '../../../src/contract/claim.ts';
import { MemberList, type Member } from '../../../src/contract/member.ts';
import { expectDocumented } from '../../support/documented-response.ts';
import type { Answer } from '../../support/test-server.ts';

export type Target = { url: string; key: string };

/** Undefined if the connection broke before the whole response was received. */
export const send = async (
  { url, key }: Target,
  method: string,
  route: string,
  { json, headers }: { json?: object; headers?: Record<string, string> } = {},
): Promise<Answer | undefined> => {
  const answer = await fetch(`${url}${route}`, {
    method,
    headers: { 'OPEN-SANDBOX-API-KEY': key, 'Content-Type': 'application/json', ...headers },
    ...(json && { body: JSON.stringify(json) }),
  })
    .then(
      async (response) => ({ status: response.status, headers: response.headers, text: await response.text() }),
      () => undefined,
    )
    .catch(() => undefined);
  if (answer === undefined) return undefined;
  const isJson = answer.headers.get('Content-Type')?.startsWith('application/json') === true;
  const parsed = { ...answer, body: isJson ? (JSON.parse(answer.text) as unknown) : undefined };
  expectDocumented(method, route, parsed);
  return parsed;
};

const receive = async (target: Target, method: string, route: string): Promise<Answer> => {
  const answer = await send(target, method, route);
  if (answer === undefined) throw new Error(`${method} ${route} received no response.`);
  return answer;
};

/** Every claim that the server knows, or only the live ones. */
export const listClaims = async (target: Target, state: 'bound' | 'all'): Promise<Claim[]> => {
  const claims: Claim[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: string = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
    const list = ClaimList.parse((await receive(target, 'GET', `/v1/claims?state=${state}&limit=1000${page}`)).body);
    claims.push(...list.items);
    token = list.continue;
  }
  return claims;
};

export const listMembers = async (target: Target, pool: string): Promise<Member[]> =>
  MemberList.parse((await receive(target, 'GET', `/v1/pools/${pool}/members`)).body).items;

/** The value of a metric of a pool. */
export const metricOf = async (target: Target, name: string, pool: string): Promise<number> => {
  const { text } = await receive(target, 'GET', '/metrics');
  const [, value] = new RegExp(`^${name}\\{pool="${pool}"\\} (\\d+)$`, 'm').exec(text) ?? [];
  expect(value, `${name} of pool "${pool}"`).toBeDefined();
  return Number(value);
};
