// Pulls of images: those that need the same image at the same time share one.
import type Docker from 'dockerode';
import type { Clock } from '../../../lib/clock.ts';
import { PullProgress } from './pull-progress.ts';

/** A pull whose progress is not reported for this long has failed. Large layers are unpacked silently. */
const STALLED_MS = 10 * 60_000;

/** Followers get a new message at most this often. */
const MESSAGE_INTERVAL_MS = 1_000;

type Follower = (message: string) => void;

type Pull = {
  readonly followers: Set<Follower>;
  readonly stopping: AbortController;
  readonly done: Promise<void>;
  message: string;
};

type SharedPullsOptions = { readonly docker: Docker; readonly clock: Clock };

export class SharedPulls {
  readonly #options: SharedPullsOptions;
  readonly #running = new Map<string, Pull>();

  constructor(options: SharedPullsOptions) {
    this.#options = options;
  }

  /**
   * Pulls an image, or joins the pull of it that is running. `image` has a tag or a digest. A pull that every follower
   * has left, by its `signal`, is stopped. Rejects with the daemon's error, or at once if the signal has aborted.
   */
  async pull(image: string, follower: Follower, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const pull = this.#running.get(image) ?? this.#begin(image);
    pull.followers.add(follower);
    follower(pull.message);
    const leave = () => {
      pull.followers.delete(follower);
      if (pull.followers.size > 0) return;
      // Nobody joins a pull that is being stopped.
      this.#remove(image, pull);
      pull.stopping.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      await pull.done;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #begin(image: string): Pull {
    const stopping = new AbortController();
    const progress = new PullProgress(image);
    let nextMs = this.#options.clock.now() + MESSAGE_INTERVAL_MS;
    const onLine = (line: string) => {
      progress.take(line);
      const nowMs = this.#options.clock.now();
      if (nowMs < nextMs || progress.message === pull.message) return;
      nextMs = nowMs + MESSAGE_INTERVAL_MS;
      pull.message = progress.message;
      for (const follower of pull.followers) follower(pull.message);
    };
    const done = this.#run(image, onLine, stopping).finally(() => {
      this.#remove(image, pull);
    });
    const pull: Pull = { followers: new Set(), stopping, done, message: progress.message };
    this.#running.set(image, pull);
    return pull;
  }

  #remove(image: string, pull: Pull): void {
    if (this.#running.get(image) === pull) this.#running.delete(image);
  }

  async #run(image: string, onLine: (line: string) => void, stopping: AbortController): Promise<void> {
    const { docker, clock } = this.#options;
    const stalled = new Error(`no progress for ${STALLED_MS / 60_000} minutes`);
    const watchdog = () =>
      clock.after(STALLED_MS, () => {
        stopping.abort(stalled);
      });
    let cancel = watchdog();
    try {
      const output = await docker.createImage({ fromImage: image, abortSignal: stopping.signal });
      for await (const line of linesOf(output)) {
        cancel();
        cancel = watchdog();
        onLine(line);
      }
    } catch (error) {
      throw stopping.signal.reason === stalled ? stalled : error;
    } finally {
      cancel();
    }
  }
}

async function* linesOf(stream: AsyncIterable<string | Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
