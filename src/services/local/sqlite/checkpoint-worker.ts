// The thread of the checkpointer: one checkpoint for each message, which it answers with the error, if any.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** A checkpoint that lets others write never catches up with them: above this size one makes them wait, for milliseconds. */
const LOG_MAX_BYTES = 64 * 1_048_576;

const file = String(workerData);
const database = new DatabaseSync(file, { timeout: 5_000 });

const checkpoint = (): void => {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
};

parentPort?.on('message', () => {
  try {
    checkpoint();
    parentPort?.postMessage(undefined);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? error.message : String(error));
  }
});
