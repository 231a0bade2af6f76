// What the compiler infers from the router for users of the client. `tsc` checks this file; running it does nothing.
import { describe, expectTypeOf, test } from 'vitest';
import type {
  Claim,
  ClaimList,
  ClientErrorCode,
  CreateClaim,
  CreatePool,
  DecisionList,
  ErrorCode,
  PoolList,
  PoolResponse,
  PoolStreamEvent,
  PoolView,
  Violation,
  WarmpoolClient,
  WarmpoolClientError,
  WatchOptions,
} from '../../src/client/index.ts';
import { capacity, poolNamed, template } from '../support/pools.ts';

type Create = WarmpoolClient['pools']['create']['mutate'];
type Get = WarmpoolClient['pools']['get']['query'];
type List = WarmpoolClient['pools']['list']['query'];
type Decisions = WarmpoolClient['pools']['decisions']['query'];

const compileOnly = (_calls: (client: WarmpoolClient) => unknown) => undefined;

describe('Inputs', () => {
  test('create accepts a CreatePool and options', () => {
    expectTypeOf<CreatePool>().toExtend<Parameters<Create>[0]>();
    expectTypeOf<Parameters<Create>[0]>().toExtend<CreatePool>();
    expectTypeOf<Parameters<Create>[0]['view']>().toEqualTypeOf<PoolView | undefined>();
    expectTypeOf<Parameters<Create>[0]['dryRun']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Parameters<Create>[0]['idempotencyKey']>().toEqualTypeOf<string | undefined>();
  });

  test('An input that breaks the contract does not compile', () => {
    compileOnly((client) => [
      client.pools.create.mutate(poolNamed('a')),
      // @ts-expect-error: an unknown field
      client.pools.create.mutate({ name: 'a', template: template(), capacitySpec: capacity(), size: 3 }),
      // @ts-expect-error: a number must not be text
      client.pools.create.mutate({ name: 'a', template: template(), capacitySpec: { ...capacity(), poolMax: '3' } }),
      // @ts-expect-error: capacitySpec is required
      client.pools.create.mutate({ name: 'a', template: template() }),
      // @ts-expect-error: the name is required
      client.pools.get.query({}),
      // @ts-expect-error: no such view
      client.pools.get.query({ name: 'a', view: 'all' }),
    ]);
    expectTypeOf<WarmpoolClient['pools']>().not.toHaveProperty('remove');
    expectTypeOf<WarmpoolClient['pools']['delete']>().not.toHaveProperty('query');
  });

  test('update accepts what get returns', () => {
    compileOnly((client) => (pool: PoolResponse) => client.pools.update.mutate({ ...pool }));
  });

  test('list needs no input', () => {
    compileOnly((client) => [client.pools.list.query(), client.pools.list.query({ view: 'full' })]);
  });
});

test('Results have the types of the contract', () => {
  expectTypeOf<Awaited<ReturnType<Create>>>().toExtend<PoolResponse>();
  expectTypeOf<Awaited<ReturnType<Get>>>().toExtend<PoolResponse>();
  expectTypeOf<keyof Awaited<ReturnType<Get>>>().toEqualTypeOf<keyof PoolResponse>();
  expectTypeOf<Awaited<ReturnType<List>>>().toExtend<PoolList>();
  expectTypeOf<Awaited<ReturnType<Decisions>>>().toExtend<DecisionList>();
});

test('The code of an error is a union of all codes', () => {
  expectTypeOf<WarmpoolClientError['code']>().toEqualTypeOf<ClientErrorCode>();
  expectTypeOf<Exclude<ClientErrorCode, ErrorCode>>().toEqualTypeOf<
    'CLIENT::UNREACHABLE' | 'CLIENT::TIMEOUT' | 'CLIENT::ABORTED' | 'CLIENT::BAD_ANSWER'
  >();
  expectTypeOf<'KUBERNETES::POOL_NOT_FOUND'>().toExtend<ErrorCode>();
  expectTypeOf<WarmpoolClientError['violations']>().toEqualTypeOf<readonly Violation[]>();
  expectTypeOf<WarmpoolClientError['isRetryable']>().toEqualTypeOf<boolean>();
});

test('A watch accepts selectors and yields events with the id to resume from', () => {
  type Watch = WarmpoolClient['pools']['watch']['subscribe'];
  type Observer = Parameters<Watch>[1];
  expectTypeOf<WatchOptions>().toExtend<Parameters<Watch>[0]>();
  type Received = Parameters<NonNullable<Observer['onData']>>[0];
  expectTypeOf<Received['id']>().toEqualTypeOf<string>();
  expectTypeOf<Received['data']>().toExtend<PoolStreamEvent>();
  expectTypeOf<Received['data']['type']>().toEqualTypeOf<PoolStreamEvent['type']>();
  compileOnly((client) => [
    client.pools.watch.subscribe({ labelSelector: 'team=x' }, {}),
    // @ts-expect-error: no such selector
    client.pools.watch.subscribe({ team: 'x' }, {}),
  ]);
});

test('Writes accept preconditions and return a plan on a dry run', () => {
  type Patch = WarmpoolClient['pools']['patch']['mutate'];
  expectTypeOf<Parameters<Patch>[0]['ifMatch']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<NonNullable<Awaited<ReturnType<Patch>>['plan']>['remove']>().toEqualTypeOf<string[]>();
  expectTypeOf<Extract<Parameters<List>[0], object>['limit']>().toEqualTypeOf<number | undefined>();
});

test('Claims have the types of the contract', () => {
  type Claims = WarmpoolClient['claims'];
  type CreateInput = Parameters<Claims['create']['mutate']>[0];
  expectTypeOf<CreateClaim & { name: string }>().toExtend<CreateInput>();
  expectTypeOf<CreateInput['idempotencyKey']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Awaited<ReturnType<Claims['create']['mutate']>>>().toExtend<Claim>();
  expectTypeOf<Awaited<ReturnType<Claims['list']['query']>>>().toExtend<ClaimList>();
  expectTypeOf<Awaited<ReturnType<Claims['renew']['mutate']>>>().toExtend<Claim>();
  expectTypeOf<Awaited<ReturnType<Claims['release']['mutate']>>>().toEqualTypeOf<undefined>();
  compileOnly((client) => [
    client.claims.list.query(),
    client.claims.list.query({ name: 'a', state: 'all', limit: 5 }),
    client.claims.renew.mutate({ id: 'c', ttlSeconds: 60 }),
    client.members.evict.mutate({ name: 'a', member: 'm', force: true }),
    // @ts-expect-error: the pool is required
    client.claims.create.mutate({ ttlSeconds: 60 }),
    // @ts-expect-error: no such state
    client.claims.list.query({ state: 'ended' }),
  ]);
});

test('withClaim returns what its function returns', () => {
  compileOnly((client) => {
    expectTypeOf(client.withClaim('a', () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(client.withClaim('a', (claim) => Promise.resolve(claim), { waitSeconds: 5 })).toEqualTypeOf<
      Promise<Claim>
    >();
    // @ts-expect-error: the key is the client's own
    return client.withClaim('a', () => 1, { idempotencyKey: 'k' });
  });
});
