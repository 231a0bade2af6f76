// The callers in the lines of this server, as the other servers know them: one token for each. A bind writes the token of
// the caller that it serves into its mark, so that nobody counts that caller twice.
import { randomSuffix } from '../../../lib/random-suffix.ts';

const TOKEN_LENGTH = 8;

export class WaitingCallers {
  readonly #tokens = new Map<string, readonly string[]>();
  readonly #publish: (waiting: ReadonlyMap<string, readonly string[]>) => void;

  /** @param publish Receives the tokens of all pools after each change. */
  constructor(publish: (waiting: ReadonlyMap<string, readonly string[]>) => void) {
    this.#publish = publish;
  }

  /** How many callers wait for a member of the pool. */
  setCount(poolUid: string, count: number): void {
    const tokens = this.#tokens.get(poolUid) ?? [];
    if (count === tokens.length) return;
    const added = Array.from({ length: Math.max(0, count - tokens.length) }, () => randomSuffix(TOKEN_LENGTH));
    this.#set(poolUid, [...tokens.slice(0, count), ...added]);
  }

  /** Takes the first caller of a line, which a bind serves. Undefined if nobody waits. */
  serveFirst(poolUid: string): string | undefined {
    const [first, ...others] = this.#tokens.get(poolUid) ?? [];
    if (first !== undefined) this.#set(poolUid, others);
    return first;
  }

  #set(poolUid: string, tokens: readonly string[]): void {
    if (tokens.length === 0) this.#tokens.delete(poolUid);
    else this.#tokens.set(poolUid, tokens);
    this.#publish(this.#tokens);
  }
}
