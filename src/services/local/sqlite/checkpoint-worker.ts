// The thread of the checkpointer: one checkpoint for each message, which it answers with the error, if any.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** A checkpoint that lets others write never catches up with them: above this size one makes them wait. */
const LOG_MAX_BYTES = 16 * 1_048_576;

const file = String(workerData);
const database = new DatabaseSync(file, { timeout: 5_000 });

const checkpoint = (): void => {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES)
    // The one before leaves little to copy while they wait. The file keeps its size: writing to it again is cheaper.
    database.exec('PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(RESTART)');
};

parentPort?.on('message', () => {
  try {
    checkpoint();
    parentPort?.postMessage(undefined);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? error.message : String(error));
  }
});
