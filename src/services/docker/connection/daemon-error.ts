// Errors of dockerode: what kind they are, and what they say.
import { z } from 'zod';

/** An error of the daemon's API as the client throws it: its own message wraps the daemon's. */
const DaemonError = z.looseObject({ json: z.looseObject({ message: z.string() }) });

/** The sentence of the daemon if the error has one, else the error's own. */
export const errorMessage = (error: unknown): string => {
  const { data } = DaemonError.safeParse(error);
  if (data !== undefined) return data.json.message.trim();
  const message = error instanceof Error ? error.message : String(error);
  // Where the response is a stream, the client has put the daemon's sentence after its own words.
  return message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
};

/** Longest text of an error that is passed on; runc's can be pages long. */
const MESSAGE_LENGTH_MAX = 400;

/** The daemon's HTTP status; undefined when there was no response. */
const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;

/** Whether the daemon responded that what the request names does not exist. */
export const isNotFound = (error: unknown): boolean =>
  z.looseObject({ statusCode: z.literal(404) }).safeParse(error).success;

/** No response: the daemon does not run, the connection broke, or the call took too long. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(E[A-Z]+|ABORT_ERR)$/.test(String(error.code));

/** What the daemon says, with status 500, of a container that cannot be started as it is. */
const CANNOT_START =
  /OCI runtime|failed to create (shim )?task|cannot start|could not select device driver|external connectivity|container networking|invalid mount|mount source path|exec format error|port is already allocated|address already in use/i;

/**
 * Whether containerd still runs what the daemon was starting when it crashed. The daemon can then remove the container, but
 * never start it.
 */
export const hasLeftTask = (error: unknown): boolean => /task \S+ already exists|id already in use/.test(textOf(error));

/** Whether a call that creates or starts a container was refused for good. Other errors of the daemon may pass. */
export const isRefusal = (error: unknown): boolean => {
  const status = Number(statusOf(error) ?? 0);
  return (status >= 400 && status < 500) || (status >= 500 && (CANNOT_START.test(textOf(error)) || hasLeftTask(error)));
};

/** Not a network or a driver, which a start may miss as well. */
const isNoSuchObject = (error: unknown): boolean =>
  isNotFound(error) && /no such (container|volume)/i.test(textOf(error));

/** Already started, stopped, gone, or being removed by another call. */
export const isAlreadyDone = (error: unknown): boolean =>
  isNoSuchObject(error) ||
  statusOf(error) === 304 ||
  /removal of container .* is already in progress/.test(textOf(error));

/** The host port that the daemon could not publish, because something else listens there. */
export const takenPort = (error: unknown): number | undefined => {
  const text = textOf(error);
  if (!/port is already allocated|address already in use/.test(text)) return undefined;
  const [, port] = /:(\d+)(?: failed)?: (?:port is|bind: address)/.exec(text) ?? [];
  return Number(port ?? 0);
};

/** The daemon's own message, without the final full stop. */
export const textOf = (error: unknown): string => errorMessage(error).replace(/\.$/, '').slice(0, MESSAGE_LENGTH_MAX);
