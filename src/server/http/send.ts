// Sends JSON responses with their length.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { CachedJson } from '../../lib/cached-json.ts';
import { memoize } from '../../lib/memoize.ts';

/** A body ready to be sent. Node writes a small text together with the head, in one system call; a large one is kept as bytes. */
type Body = { readonly data: string | Buffer; readonly length: number; readonly encoding: BufferEncoding };

const KEPT_AS_TEXT_MAX_BYTES = 16_384;

const encode = (value: unknown): Body => {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  const encoding = length === text.length ? 'latin1' : 'utf8';
  return { data: length > KEPT_AS_TEXT_MAX_BYTES ? Buffer.from(text) : text, length, encoding };
};

const encodeOnce = memoize((value: CachedJson) => encode(value));

/** Responds with JSON. The encoding of cached JSON is kept for the next response. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: object,
  headers: OutgoingHttpHeaders = {},
): void => {
  const { data, length, encoding } = value instanceof CachedJson ? encodeOnce(value) : encode(value);
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': length });
  response.end(data, encoding);
};
