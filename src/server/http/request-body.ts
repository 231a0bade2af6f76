// Reads a request's JSON body: media type, size, UTF-8, JSON, nesting, in this order. REST and tRPC share it.
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { isTooDeep, prototypeKeys } from './exact-json.ts';
import { BODY_MAX_BYTES, JSON_MAX_DEPTH } from '../../contract/limits.ts';
import { repeatedKeys } from './repeated-keys.ts';
import type { Violation } from '../../contract/errors.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';

export type JsonBody = {
  readonly text: string;
  readonly value: unknown;
  /** What no schema can see: members given twice, and members named `__proto__`. */
  readonly violations: readonly Violation[];
};

/** What is read and dropped of a body that is too large, so that its sender gets to read the answer. */
const DROP_MAX_BYTES = 8 * BODY_MAX_BYTES;

const JSON_TYPES = ['application/json', 'application/*+json'];

/** Whether the request has a body at all; one of no bytes is none. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);

/**
 * The JSON body of a request; undefined when it has none.
 * Errors: REQUEST::UNSUPPORTED_MEDIA_TYPE, REQUEST::TOO_LARGE, REQUEST::MALFORMED.
 * @param mediaTypes Media types that are read. Default: JSON of any kind.
 */
export const readJsonBody = async (
  request: IncomingMessage,
  mediaTypes: readonly string[] = JSON_TYPES,
): Promise<JsonBody | undefined> => {
  if (!hasBody(request)) return undefined;
  const refusal = refusedMediaType(request, mediaTypes);
  // Only its end tells whether a chunked body is one at all.
  if (refusal && request.headers['content-length'] !== undefined) throw refusal;
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  if (refusal) throw refusal;
  return parseJson(bytes);
};

const refusedMediaType = ({ headers }: IncomingMessage, mediaTypes: readonly string[]): WarmpoolError | undefined => {
  const refuse = (found: string) =>
    new WarmpoolError(
      'REQUEST::UNSUPPORTED_MEDIA_TYPE',
      `Send ${mediaTypes.join(' or ')} in UTF-8; the request has ${found}.`,
    );
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return refuse(`Content-Encoding "${encoding}"`);
  const header = headers['content-type'];
  if (header === undefined) return refuse('no Content-Type');
  const type = parseMediaType(header);
  const charset = type?.params.get('charset')?.toLowerCase() ?? 'utf-8';
  return type === undefined || !mediaTypes.some((known) => matches(type.essence, known)) || charset !== 'utf-8'
    ? refuse(`Content-Type "${header}"`)
    : undefined;
};

const parseMediaType = (header: string): MIMEType | undefined => {
  try {
    return new MIMEType(header);
  } catch {
    return undefined;
  }
};

/** `application/*+json` stands for every type with that suffix. */
const matches = (essence: string, known: string): boolean => {
  const [before, after] = known.split('*');
  return after === undefined ? essence === known : essence.startsWith(before ?? '') && essence.endsWith(after);
};

const readBytes = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_MAX_BYTES) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new WarmpoolError('REQUEST::TOO_LARGE', `The body has more than ${BODY_MAX_BYTES} bytes.`));
      if (size > BODY_MAX_BYTES + DROP_MAX_BYTES) request.pause().socket.end();
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    // The sender is gone: nobody reads the answer, but the handler must end.
    request.on('close', () => {
      reject(new WarmpoolError('REQUEST::MALFORMED', 'The body ended before it was complete.'));
    });
  });

const parseJson = (bytes: Buffer): JsonBody => {
  const text = decodeUtf8(bytes);
  return judgeJson(text, parse(text));
};

const decodeUtf8 = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WarmpoolError('REQUEST::MALFORMED', 'The body is not valid UTF-8.', { cause });
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WarmpoolError(
      'REQUEST::MALFORMED',
      `The body is not valid JSON: ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    );
  }
};

/** Finds what is JSON but would be lost. Throws REQUEST::MALFORMED for what would hurt: too deep a nesting. */
export const judgeJson = (text: string, value: unknown): JsonBody => {
  if (isTooDeep(value))
    throw new WarmpoolError('REQUEST::MALFORMED', `Objects and arrays nest deeper than ${JSON_MAX_DEPTH}.`);
  const violations = [
    ...prototypeKeys(value).map((path) => ({ path, message: 'is no usable name of a member' })),
    ...repeatedKeys(text).map((path) => ({ path, message: 'is given more than once' })),
  ];
  return { text, value, violations };
};
