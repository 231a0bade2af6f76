// Copies the write-ahead log into the database file in a thread of its own. In the thread of the server a checkpoint would
// delay the requests of that moment: at 500 claims a second it made p99 16 ms longer.
import { Worker } from 'node:worker_threads';

export class Checkpointer {
  readonly #file: string;
  /** Started by the first request: a server that writes little needs none. */
  #worker: Worker | undefined;
  #isRunning = false;
  #problem: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Why the last checkpoint failed, as a sentence; empty if it did not. */
  problems(): readonly string[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Begins a checkpoint unless one is running. */
  request(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('checkpoint-worker.ts', import.meta.url), { workerData: this.#file });
    worker.unref();
    worker.on('message', (error: string | undefined) => {
      this.#end(error);
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      this.#end(String(error));
    });
    return worker;
  }

  #end(error: string | undefined): void {
    this.#isRunning = false;
    this.#problem = error === undefined ? undefined : `The log of the local store cannot be checkpointed: ${error}.`;
  }
}
