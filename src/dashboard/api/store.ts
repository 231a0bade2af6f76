// A value outside of React that components subscribe to.
import { useSyncExternalStore } from 'react';

export class Store<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  readonly set = (value: Value): void => {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The part of a store's value that a component shows. `select` returns the same object while that part is unchanged. */
export const useStore = <Value, Selected>(store: Store<Value>, select: (value: Value) => Selected): Selected =>
  useSyncExternalStore(store.subscribe, () => select(store.get()));
