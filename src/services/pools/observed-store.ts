// Measures the writes of a store. Reads come from memory: measuring them would cost more than they do.
import type { RuntimeObserver } from '../runtime-observer.ts';
import type { PoolStore } from './ports.ts';

/** The same store, with its writes reported to the observer. */
export const observeWrites = (store: PoolStore, observer: Pick<RuntimeObserver, 'write'>): PoolStore => {
  const measured = async <Result>(
    call: Parameters<RuntimeObserver['write']>[0],
    write: () => Promise<Result>,
  ): Promise<Result> => {
    const startedMs = performance.now();
    let isDone = false;
    try {
      const result = await write();
      isDone = true;
      return result;
    } finally {
      observer.write(call, isDone, (performance.now() - startedMs) / 1_000);
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
