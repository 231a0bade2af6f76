// What keeps the server from starting.

/** Thrown before the server listens. The message is for the person who starts it: what is wrong, where, what to do; never a secret. */
export class StartupError extends Error {
  override readonly name = 'StartupError';

  /** `<problem>: <the cause's own message>.` */
  static because(problem: string, cause: unknown): StartupError {
    return new StartupError(`${problem}: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}

/** Node's code of a system error, such as `ENOENT`. */
export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
