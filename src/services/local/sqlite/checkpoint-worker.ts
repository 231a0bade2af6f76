// The thread of the checkpointer: one checkpoint for each message, which it answers with the error, if any.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync(String(workerData), { timeout: 5_000 });
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');

/** Copies the log as it is now, and returns its number of pages. Others write meanwhile. */
const copy = (): number => Number(passive.get()?.log);

const checkpoint = (): void => {
  const before = copy();
  // Others wrote meanwhile, and could do so forever: the last checkpoint makes them wait, with little left to copy. The file
  // keeps its size: writing to it again is cheaper.
  if (copy() > before) database.exec('PRAGMA wal_checkpoint(RESTART)');
};

parentPort?.on('message', () => {
  try {
    checkpoint();
    parentPort?.postMessage(undefined);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? error.message : String(error));
  }
});
