// Reads a request's JSON body: media type, size, UTF-8, JSON, nesting, in this order. REST and tRPC share it.
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { Violation } from '../../contract/errors.ts';
import { BODY_MAX_BYTES } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { lostFields } from './scan-json.ts';

export type JsonBody = {
  readonly text: string;
  readonly value: unknown;
  /** What no schema can detect: repeated fields, and fields named `__proto__`. */
  readonly violations: readonly Violation[];
};

/** How much of a body beyond its maximum size is read and dropped, in bytes: many clients read no response while they send. */
const DROP_MAX_BYTES = 8 * BODY_MAX_BYTES;

const JSON_TYPES = ['application/json', 'application/*+json'];

/** Whether the request has a body. An empty body is treated as absent; a chunked one can only be found empty at its end. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);

/**
 * The JSON body of a request; undefined when it has none.
 * Errors: REQUEST::UNSUPPORTED_MEDIA_TYPE, REQUEST::TOO_LARGE, REQUEST::MALFORMED.
 * @param mediaTypes Accepted media types. Default: JSON of any kind.
 * @param maxBytes Maximum size. Default: that of all requests.
 */
export const readJsonBody = async (
  request: IncomingMessage,
  mediaTypes: readonly string[] = JSON_TYPES,
  maxBytes: number = BODY_MAX_BYTES,
): Promise<JsonBody | undefined> => {
  if (!hasBody(request)) return undefined;
  const refusal = refusedMediaType(request, mediaTypes);
  // A chunked body may turn out to be empty.
  if (refusal && request.headers['content-length'] !== undefined) throw refusal;
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return undefined;
  if (refusal) throw refusal;
  return readJson('body', decodeUtf8(bytes));
};

const refusedMediaType = ({ headers }: IncomingMessage, mediaTypes: readonly string[]): WarmpoolError | undefined => {
  const refuse = (found: string) =>
    new WarmpoolError(
      'REQUEST::UNSUPPORTED_MEDIA_TYPE',
      `The request has ${found}. Send ${mediaTypes.join(' or ')} in UTF-8.`,
    );
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return refuse(`Content-Encoding "${encoding}"`);
  const header = headers['content-type'];
  if (header === undefined) return refuse('no Content-Type');
  return isAccepted(header, mediaTypes) ? undefined : refuse(`Content-Type "${header}"`);
};

/** Clients may send any label that the WHATWG Encoding Standard has for UTF-8, such as `utf8`. */
const isAccepted = (header: string, mediaTypes: readonly string[]): boolean => {
  try {
    const { essence, params } = new MIMEType(header);
    const { encoding } = new TextDecoder(params.get('charset') ?? 'utf-8');
    return encoding === 'utf-8' && mediaTypes.some((known) => matches(essence, known));
  } catch {
    return false;
  }
};

/** `application/*+json` is every type with that suffix. */
const matches = (essence: string, known: string): boolean => {
  const [before, after] = known.split('*');
  return after === undefined ? essence === known : essence.startsWith(before ?? '') && essence.endsWith(after);
};

const readBytes = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new WarmpoolError('REQUEST::TOO_LARGE', `The body is larger than ${maxBytes} bytes.`));
      // Ending the connection is not enough: a client that keeps sending would keep it open.
      if (size > maxBytes + DROP_MAX_BYTES) request.socket.destroySoon();
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    // The client has disconnected and reads no response, but the handler must end.
    request.on('close', () => {
      reject(new WarmpoolError('REQUEST::MALFORMED', 'The body ended before it was complete.'));
    });
  });

const decodeUtf8 = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WarmpoolError('REQUEST::MALFORMED', 'The body is not valid UTF-8.', { cause });
  }
};

/** @param what Names the text in the message of REQUEST::MALFORMED. */
export const readJson = (what: 'body' | 'input', text: string): JsonBody => {
  try {
    const value: unknown = JSON.parse(text);
    return { text, value, violations: lostFields(text) };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new WarmpoolError('REQUEST::MALFORMED', `The ${what} is not valid JSON: ${cause.message}`, { cause });
  }
};
