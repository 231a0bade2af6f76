// The data directory cannot be used.

/** Thrown at start, for the person who starts the server: the message names the path and what is wrong with it. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}

/** Node's and SQLite's own words for what went wrong, e.g. `EACCES: permission denied, mkdir '…'`. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Node's code, e.g. `ENOENT`. */
export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
