// The limits that clients can rely on are the same in the code, in the OpenAPI document and in docs/api.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as limits from '../../src/contract/limits.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const MEBIBYTE = 1_048_576;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

describe('docs/api.md', () => {
  const text = read('docs/api.md').replaceAll(/\s+/g, ' ');

  /** The figure with or without thousands separators, within one sentence of the words. */
  const stated = (figure: number, words: string) => {
    const digits = String(figure).replaceAll(/\B(?=(\d{3})+$)/g, '[ _,]?');
    return new RegExp(`(?<!\\d)${digits}(?!\\d)[^.]{0,80}${words}|${words}[^.]{0,80}(?<!\\d)${digits}(?!\\d)`, 'i');
  };

  test.each([
    ['BODY_MAX_BYTES', limits.BODY_MAX_BYTES / MEBIBYTE, 'MiB'],
    ['JSON_MAX_DEPTH', limits.JSON_MAX_DEPTH, 'nesting'],
    ['BATCH_MAX_CALLS', limits.BATCH_MAX_CALLS, 'batch'],
    ['DECISIONS_DEFAULT_LIMIT', limits.DECISIONS_DEFAULT_LIMIT, 'default'],
    ['DECISIONS_MAX_LIMIT', limits.DECISIONS_MAX_LIMIT, 'decisions'],
    ['PAGE_MAX_LIMIT', limits.PAGE_MAX_LIMIT, 'limit'],
    ['IDEMPOTENCY_KEY_MAX_LENGTH', limits.IDEMPOTENCY_KEY_MAX_LENGTH, 'Idempotency-Key'],
    ['IDEMPOTENCY_MS', limits.IDEMPOTENCY_MS / HOUR_MS, 'hours'],
    ['TTL_DEFAULT_SECONDS', limits.TTL_DEFAULT_SECONDS, 'ttlSeconds'],
    ['TTL_MAX_SECONDS', limits.TTL_MAX_SECONDS, 'ttlSeconds'],
    ['WAIT_MAX_SECONDS', limits.WAIT_MAX_SECONDS, 'waitSeconds'],
    ['CLAIM_LABELS_MAX', limits.CLAIM_LABELS_MAX, 'entries'],
    ['CLAIM_LABELS_MAX_BYTES', limits.CLAIM_LABELS_MAX_BYTES / 1_024, 'KiB in total'],
    ['CLAIMS_DEFAULT_LIMIT', limits.CLAIMS_DEFAULT_LIMIT, 'claims'],
    ['WAITING_PER_POOL_MAX', limits.WAITING_PER_POOL_MAX, 'clients may wait'],
    ['WAITING_MAX', limits.WAITING_MAX, 'waiting clients'],
    ['ENDED_CLAIMS_MAX', limits.ENDED_CLAIMS_MAX, 'remembered'],
    ['ENDED_CLAIM_MS', limits.ENDED_CLAIM_MS / HOUR_MS, 'hour'],
    ['HISTORY_MAX_POINTS', limits.HISTORY_MAX_POINTS, 'points'],
    ['HISTORY_DEFAULT_POINTS', limits.HISTORY_DEFAULT_POINTS, 'points'],
    ['HISTORY_DEFAULT_SECONDS', limits.HISTORY_DEFAULT_SECONDS / 60, 'minutes'],
    ['SAMPLE_SECONDS', limits.SAMPLE_SECONDS, 'seconds'],
    ['STREAMS_MAX', limits.STREAMS_MAX, 'streams'],
    ['HEARTBEAT_MS', limits.HEARTBEAT_MS / SECOND_MS, 's '],
    ['REMEMBERED_CHANGES', limits.REMEMBERED_CHANGES, 'changes'],
  ])('docs/api.md states the value of %s', (_name, figure, words) => {
    expect(text).toMatch(stated(figure, words));
  });

  test.each([limits.API_KEY_HEADER, limits.REQUEST_ID_HEADER])('docs/api.md names the header %s', (header) => {
    expect(text).toContain(header);
  });
});

describe('The OpenAPI document', () => {
  type Parameter = { name: string; schema: { maximum?: number; pattern?: string } };
  type Document = {
    paths: Record<string, Record<string, { description: string; parameters?: Parameter[] }>>;
    components: { schemas: Record<string, { description: string; properties: Record<string, object> }> };
  };
  const { paths, components } = JSON.parse(read('openapi.generated.json')) as Document;
  const parameter = (path: string, method: string, name: string) =>
    paths[path]?.[method]?.parameters?.find((candidate) => candidate.name === name)?.schema;

  test('The OpenAPI document has the limits of names, numbers and pages from the code', () => {
    expect(components.schemas.CreatePool?.properties.name).toMatchObject({ maxLength: limits.NAME_MAX_LENGTH });
    expect(components.schemas.CapacitySpec?.properties.poolMax).toMatchObject({ maximum: limits.INT32_MAX });
    expect(parameter('/v1/pools', 'get', 'limit')?.maximum).toBe(limits.PAGE_MAX_LIMIT);
    expect(parameter('/v1/pools/{name}/decisions', 'get', 'limit')?.maximum).toBe(limits.DECISIONS_MAX_LIMIT);
    expect(parameter('/v1/pools', 'post', 'Idempotency-Key')?.pattern).toContain(
      `{1,${limits.IDEMPOTENCY_KEY_MAX_LENGTH}}`,
    );
  });

  test('The OpenAPI document has the limits of annotations and the interval of heartbeats from the code', () => {
    const { description } = components.schemas.Annotations ?? {};
    for (const text of [String(limits.ANNOTATIONS_MAX_BYTES), ...limits.RESERVED_ANNOTATION_PREFIXES])
      expect(description).toContain(text);
    const stream = paths['/v1/pool-events']?.get?.description;
    expect(stream).toContain(`Every ${limits.HEARTBEAT_MS / SECOND_MS} seconds`);
  });
});
