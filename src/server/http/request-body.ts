// Reads a request's JSON body: media type, size, UTF-8, JSON, nesting, in this order. REST and tRPC share it.
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { isTooDeep, prototypeKeys } from '../../contract/exact-json.ts';
import { BODY_MAX_BYTES, JSON_MAX_DEPTH } from '../../contract/limits.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { invalidRequest, WarmpoolError } from '../../services/warmpool-error.ts';

export type JsonBody = { readonly text: string; readonly value: unknown };

/** What is read and dropped of a body that is too large, so that its sender gets to read the answer. */
const DROP_MAX_BYTES = 8 * BODY_MAX_BYTES;

const JSON_TYPES = ['application/json', 'application/*+json'];

/** Whether the request has a body at all; one of no bytes is none. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);

/**
 * The JSON body of a request; undefined when it has none.
 * Errors: REQUEST::UNSUPPORTED_MEDIA_TYPE, REQUEST::TOO_LARGE, REQUEST::MALFORMED, REQUEST::INVALID.
 * @param mediaTypes Media types that are read. Default: JSON of any kind.
 */
export const readJsonBody = async (
  request: IncomingMessage,
  mediaTypes: readonly string[] = JSON_TYPES,
): Promise<JsonBody | undefined> => {
  if (!hasBody(request)) return undefined;
  checkMediaType(request, mediaTypes);
  const bytes = await readBytes(request);
  return bytes.length === 0 ? undefined : parseJson(bytes);
};

const checkMediaType = ({ headers }: IncomingMessage, mediaTypes: readonly string[]): void => {
  const refuse = (found: string) =>
    new WarmpoolError(
      'REQUEST::UNSUPPORTED_MEDIA_TYPE',
      `Send ${mediaTypes.join(' or ')} in UTF-8; the request has ${found}.`,
    );
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw refuse(`Content-Encoding "${encoding}"`);
  const header = headers['content-type'];
  if (header === undefined) throw refuse('no Content-Type');
  const type = parseMediaType(header);
  const charset = type?.params.get('charset')?.toLowerCase() ?? 'utf-8';
  if (type === undefined || !mediaTypes.some((known) => matches(type.essence, known)) || charset !== 'utf-8')
    throw refuse(`Content-Type "${header}"`);
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
  const value = parse(text);
  checkJson(value);
  const repeated = repeatedKeys(text);
  if (repeated.length > 0) throw invalidRequest(repeated.map((path) => ({ path, message: 'is given more than once' })));
  return { text, value };
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

/** Refuses what is JSON but would hurt or be lost: too deep a nesting, members named `__proto__`. */
export const checkJson = (value: unknown): void => {
  if (isTooDeep(value))
    throw new WarmpoolError('REQUEST::MALFORMED', `Objects and arrays nest deeper than ${JSON_MAX_DEPTH}.`);
  const unusable = prototypeKeys(value);
  if (unusable.length > 0)
    throw invalidRequest(unusable.map((path) => ({ path, message: 'is no usable name of a member' })));
};
