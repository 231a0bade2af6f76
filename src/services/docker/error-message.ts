// What went wrong, in the words of the Docker daemon or the registry.
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

/** Whether the daemon responded that what the request names does not exist. */
export const isNotFound = (error: unknown): boolean =>
  z.looseObject({ statusCode: z.literal(404) }).safeParse(error).success;
