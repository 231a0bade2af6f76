// What a new resource needs: its contract, its service, its router, and one line in the lists of services and routers.
import { once } from 'node:events';
import type { TRPCClient } from '@trpc/client';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createDocument } from '../../scripts/openapi/document.ts';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { closedObject } from '../../src/contract/closed-object.ts';
import { IdempotencyKey } from '../../src/contract/preconditions.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { operation } from '../../src/router/operation.ts';
import { poolsRouter } from '../../src/router/pools.ts';
import { router, type Context } from '../../src/router/trpc.ts';
import { VERSION } from '../../src/server/version.ts';
import { CreateOnce } from '../../src/services/idempotency/create-once.ts';
import type { KeyedRequest, RetryRecord } from '../../src/services/idempotency/retry-record.ts';
import { createServices } from '../../src/services/services.ts';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';

// The contract.
const CreateNote = closedObject({ name: z.string(), text: z.string() }).meta({ id: 'CreateNote' });
const Note = z.object({ name: z.string(), text: z.string(), etag: z.string() }).meta({ id: 'Note' });
type Note = z.infer<typeof Note>;

// The service.
class NoteService {
  readonly #notes = new Map<string, { readonly note: Note; readonly record: RetryRecord }>();
  readonly #createOnce = new CreateOnce(
    {
      findByRetryKey: (key) => [...this.#notes.values()].find(({ record }) => record.key === key)?.note,
      retryRecordOf: ({ name }) => this.#notes.get(name)?.record,
      isReplayable: () => true,
      describe: ({ name }) => `note "${name}"`,
    },
    systemClock,
  );
  #waiting = Promise.withResolvers<undefined>();
  #abandoned = Promise.withResolvers<undefined>();

  /** Promises that resolve when the next client waits for a note that never exists, and when it hangs up. */
  awaitClient() {
    this.#waiting = Promise.withResolvers();
    this.#abandoned = Promise.withResolvers();
    return { waiting: this.#waiting.promise, abandoned: this.#abandoned.promise };
  }

  create(note: Note, request: KeyedRequest) {
    return this.#createOnce.run(request, {
      create: async (record) => {
        this.#notes.set(note.name, { note, record });
        return note;
      },
      findConflicting: () => Promise.resolve(undefined),
    });
  }

  async get(name: string, signal: AbortSignal | undefined): Promise<Note> {
    if (name === 'awaited' && signal !== undefined) {
      this.#waiting.resolve(undefined);
      await once(signal, 'abort');
      this.#abandoned.resolve(undefined);
    }
    const known = this.#notes.get(name);
    if (known === undefined) throw new WarmpoolError('REQUEST::NOT_FOUND', `Note "${name}" not found.`);
    return known.note;
  }
}

// The router. In src the type of the context follows from the list of services.
type NoteContext = Context & { readonly notes: NoteService };
const notesOf = (ctx: Context) => (ctx as NoteContext).notes;
const NOTES = {
  tag: { name: 'notes', description: 'Notes.' },
  output: Note,
  etag: ({ etag }: Note) => etag,
  description: 'One note.',
};

const notesRouter = router({
  create: operation({
    ...NOTES,
    method: 'POST',
    path: '/notes',
    operationId: 'createNote',
    summary: 'Create a note',
    success: 201,
    location: '/notes/{name}',
    body: CreateNote,
    errors: ['IDEMPOTENCY::KEY_REUSED'],
  })
    .input(CreateNote.extend({ idempotencyKey: IdempotencyKey }))
    .mutation(async ({ ctx, path, input: { idempotencyKey: key, ...body } }) => {
      const request = { key, caller: ctx.caller, operation: path, options: {}, body };
      const { resource, isReplay } = await notesOf(ctx).create({ ...body, etag: `"${body.text}"` }, request);
      if (isReplay) ctx.responseHeaders['Idempotency-Replayed'] = 'true';
      return resource;
    }),

  get: operation({
    ...NOTES,
    method: 'GET',
    path: '/notes/{name}',
    operationId: 'getNote',
    summary: 'Get a note',
    success: 200,
    errors: ['REQUEST::NOT_FOUND'],
  })
    .input(closedObject({ name: z.string() }))
    .query(({ ctx, input, signal }) => notesOf(ctx).get(input.name, signal)),
});

// One line in src/router/app-router.ts, and one in src/services/services.ts.
const appRouter = router({ pools: poolsRouter, notes: notesRouter });
const notes = new NoteService();
const api = {
  router: appRouter,
  createServices: (ports: Parameters<typeof createServices>[0]) => ({ ...createServices(ports), notes }),
};

const headers = { 'Idempotency-Key': 'k' };

test('A new resource is served over REST below /v1, with ETag, Location, replay and validation', async () => {
  const { call } = await startTestServer({ api });
  const json = { name: 'rest', text: 'hello' };
  const created = await call('POST', '/v1/notes', { json, headers });
  expect(created).toMatchObject({ status: 201, body: { ...json, etag: '"hello"' } });
  expect(created.headers.get('Location')).toBe('/v1/notes/rest');
  expect((await call('POST', '/v1/notes', { json, headers })).headers.get('Idempotency-Replayed')).toBe('true');
  expect(await call('POST', '/v1/notes', { json: { ...json, text: 'other' }, headers })).toMatchObject({
    status: 422,
    body: { code: 'IDEMPOTENCY::KEY_REUSED' },
  });
  expect(await call('POST', '/v1/notes', { json: { ...json, txet: '' }, headers })).toMatchObject({
    status: 422,
    body: { errors: [{ path: ['txet'], message: 'unknown field; did you mean "text"?' }] },
  });
  const known = await call('GET', '/v1/notes/rest', { headers: { 'If-None-Match': '"hello"' } });
  expect(known.status).toBe(304);
  expect((await call('PUT', '/v1/notes/rest', { json })).headers.get('Allow')).toBe('GET, HEAD');
  expect((await call('GET', '/notes/rest')).status).toBe(404);
  expect((await call('POST', '/pools', { json: poolNamed('a') })).status).toBe(201);
});

test('The typed client and other tRPC clients call the procedures of a new resource', async () => {
  const { url, call } = await startTestServer({ api });
  const client = createWarmpoolClient({ url, apiKey: API_KEY }) as unknown as TRPCClient<typeof appRouter>;
  const created = await client.notes.create.mutate({ name: 'client', text: 'hi', idempotencyKey: 'client' });
  expect(await client.notes.get.query({ name: 'client' })).toEqual(created);
  await expect(client.notes.get.query({ name: 'none' })).rejects.toMatchObject({ code: 'REQUEST::NOT_FOUND' });
  const json = { name: 'client', text: 'hi', idempotencyKey: 'client' };
  const replay = await call('POST', '/trpc/notes.create', { json });
  expect(replay).toMatchObject({ status: 200, body: { result: { data: created } } });
  expect(replay.headers.get('Idempotency-Replayed')).toBe('true');
});

test('The generated OpenAPI document has the paths, parameters, schemas and tag of a new resource', () => {
  const document = createDocument(VERSION, appRouter);
  expect(document.tags.map(({ name }) => name)).toEqual(['pools', 'notes', 'operation']);
  expect(document.paths).toMatchObject({
    '/v1/notes': {
      post: {
        operationId: 'createNote',
        tags: ['notes'],
        parameters: [{ in: 'header', name: 'Idempotency-Key' }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/CreateNote' } } } },
        responses: {
          201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } },
          422: { description: expect.stringContaining('IDEMPOTENCY::KEY_REUSED') as string },
        },
      },
    },
    '/v1/notes/{name}': { get: { parameters: [{ in: 'path', name: 'name' }, { name: 'If-None-Match' }] } },
  });
  expect(document.components.schemas).toMatchObject({ Note: { type: 'object' }, CreateNote: { type: 'object' } });
});

test.each([
  ['REST', '/v1/notes/awaited'],
  ['tRPC', `/trpc/notes.get?input=${encodeURIComponent('{"name":"awaited"}')}`],
])('A client that hangs up over %s aborts the signal of its procedure', async (_transport, route) => {
  const { call, log } = await startTestServer({ api });
  const { waiting, abandoned } = notes.awaitClient();
  const controller = new AbortController();
  const request = call('GET', route, { signal: controller.signal });
  request.catch(() => undefined);
  await waiting;
  controller.abort();
  await abandoned;
  await expect(request).rejects.toThrow('aborted');
  await expect.poll(() => log).toContainEqual(expect.objectContaining({ operation: 'notes.get', status: 499 }));
});
