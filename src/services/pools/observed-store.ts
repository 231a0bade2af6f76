// Measures the writes of a store. Reads are answered from memory, and cost less than measuring them.
import type { PoolStore } from './ports.ts';

/** Told of each write: its name, whether it was done, and how long it took. */
export type WriteObserver = (call: 'create' | 'update' | 'delete', isDone: boolean, seconds: number) => void;

/** The same store; `observe` is told of its writes. */
export const observeWrites = (store: PoolStore, observe: WriteObserver): PoolStore => {
  const measured = async <Result>(
    call: Parameters<WriteObserver>[0],
    write: () => Promise<Result>,
  ): Promise<Result> => {
    const startedMs = performance.now();
    let isDone = false;
    try {
      const result = await write();
      isDone = true;
      return result;
    } finally {
      observe(call, isDone, (performance.now() - startedMs) / 1_000);
    }
  };
  return {
    create: (...args) => measured('create', () => store.create(...args)),
    update: (...args) => measured('update', () => store.update(...args)),
    delete: (...args) => measured('delete', () => store.delete(...args)),
    get: (name) => store.get(name),
    list: () => store.list(),
    findByRetryKey: (key) => store.findByRetryKey(key),
    watch: (signal) => store.watch(signal),
    waitForSync: (signal) => store.waitForSync(signal),
  };
};
