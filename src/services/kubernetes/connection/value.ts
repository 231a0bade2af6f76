// A value that a kubeconfig contains, or that is in a file it names.
import { readFileSync } from 'node:fs';
import type { Clock } from '../../../lib/clock.ts';
import { KubeConfigError } from './kube-config-error.ts';

/** `field` is its place in the kubeconfig, for messages. */
export type Value = { readonly field: string } & ({ readonly text: string } | { readonly file: string });

/** How old the text of a file may be. client-go reads a token file again after 50 s, and a certificate after 5 minutes. */
const RECHECK_MS = 5_000;

/** Reads a value; a file is read again when it may have been replaced. */
export class ValueReader {
  readonly #value: Value;
  readonly #clock: Clock;
  readonly #parse: (text: string) => string;
  #known: { readonly text: string; readonly checkedMs: number } | undefined;

  /** @param parse Throws an Error with the reason why the text is not valid. */
  constructor(value: Value, clock: Clock, parse: (text: string) => string = (text) => text) {
    this.#value = value;
    this.#clock = clock;
    this.#parse = parse;
  }

  /** Keeps the last valid text while the file is missing or half written. Throws KubeConfigError if there was none. */
  read(isForced = false): string {
    const checkedMs = this.#clock.now();
    const known = this.#known;
    if (known && !isForced && checkedMs - known.checkedMs < RECHECK_MS) return known.text;
    try {
      this.#known = { text: this.#parse(load(this.#value)), checkedMs };
    } catch (error) {
      if (!known) throw new KubeConfigError(`${this.#value.field}: ${(error as Error).message}.`);
      this.#known = { ...known, checkedMs };
    }
    return this.#known.text;
  }
}

const load = (value: Value): string => {
  if ('text' in value) return value.text;
  try {
    return readFileSync(value.file, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${value.file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
};

/** Whether a header can carry the token. */
export const isToken = (token: string): boolean => /^[\x21-\x7e]+$/.test(token);
