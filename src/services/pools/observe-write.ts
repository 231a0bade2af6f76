// Reports the writes of a store.
import type { RuntimeObserver } from '../runtime-observer.ts';

/** What a store reports its writes to. */
export type WriteObserver = Pick<RuntimeObserver, 'write'>;

/** Runs a write and reports it when it ends. */
export const observeWrite = async <Result>(
  observer: WriteObserver | undefined,
  call: Parameters<WriteObserver['write']>[0],
  write: () => Result | Promise<Result>,
): Promise<Result> => {
  const startedMs = performance.now();
  let isDone = false;
  try {
    const result = await write();
    isDone = true;
    return result;
  } finally {
    observer?.write(call, isDone, (performance.now() - startedMs) / 1_000);
  }
};
