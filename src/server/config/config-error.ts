// What is wrong with the configuration, for the person who starts the server.

/** Thrown when the configuration cannot be used. The message is complete: file, flag or variable, key and reason; never a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One sentence for each wrong value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems.join() : `The configuration is wrong:\n  - ${problems.join('\n  - ')}`);
    this.problems = problems;
  }
}
