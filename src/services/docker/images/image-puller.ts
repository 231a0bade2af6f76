// Gets the images of a pool's members before the members start: once for each revision, not for each member.
import type Docker from 'dockerode';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import type { Preparation, PreparationOrder } from '../../controller/ports.ts';
import { errorMessage, isNotFound } from '../connection/daemon-error.ts';
import { withTag } from '../template/image.ts';
import { toMemberPlan, type ContainerPlan } from '../template/member-plan.ts';
import { SharedPulls } from './shared-pulls.ts';

type ImagePullerOptions = {
  readonly docker: Docker;
  /** For pulls, which end when they stall. */
  readonly longCalls: Docker;
  /** Called when `prepare` for the pool would return something new; at most once a second while a pull goes on. */
  readonly onChange: (poolUid: string) => void;
  readonly clock?: Clock;
};

type PoolImages = { readonly revision: string; readonly stopping: AbortController; preparation: Preparation };

type MemberImage = Pick<ContainerPlan, 'image' | 'imagePullPolicy'>;

/** Nobody says that a pool was deleted. Beyond this number, the pool that was asked for least recently is forgotten. */
const POOLS_MAX = 10_000;

const preparing = (message: string): Preparation => ({ state: 'preparing', reason: 'PullingImage', message });

export class ImagePuller {
  readonly #options: ImagePullerOptions;
  readonly #pulls: SharedPulls;
  /** By uid: the revision that was prepared last. In the order of the latest calls of `prepare`. */
  readonly #pools = new Map<string, PoolImages>();

  constructor(options: ImagePullerOptions) {
    this.#options = options;
    this.#pulls = new SharedPulls({ docker: options.longCalls, clock: options.clock ?? systemClock });
  }

  /** Begins to get the revision's images if that has not begun. A failure is returned once: the next call tries again. */
  prepare({ poolUid, revision, template }: PreparationOrder): Preparation {
    const known = this.#pools.get(poolUid);
    if (known?.revision !== revision) return this.#begin(poolUid, revision, template);
    this.#pools.delete(poolUid);
    if (known.preparation.state !== 'failed') this.#pools.set(poolUid, known);
    return known.preparation;
  }

  /** Forgets that a pool's images are there: the next call of `prepare` looks for them again. For a start that finds none. */
  forget(poolUid: string): void {
    this.#pools.get(poolUid)?.stopping.abort();
    this.#pools.delete(poolUid);
  }

  /** Stops every pull. */
  close(): void {
    for (const uid of [...this.#pools.keys()]) this.forget(uid);
  }

  #begin(poolUid: string, revision: string, template: PreparationOrder['template']): Preparation {
    this.forget(poolUid);
    let images: MemberImage[];
    try {
      images = imagesOf(template);
    } catch (error) {
      return { state: 'failed', message: errorMessage(error) };
    }
    const pool: PoolImages = {
      revision,
      stopping: new AbortController(),
      preparation: preparing('Looking for the images'),
    };
    this.#pools.set(poolUid, pool);
    const [oldest] = this.#pools.keys();
    if (this.#pools.size > POOLS_MAX && oldest !== undefined) this.forget(oldest);
    const report = (preparation: Preparation) => {
      // Another revision may have taken its place, or the puller may be closed.
      if (this.#pools.get(poolUid) !== pool) return;
      pool.preparation = preparation;
      this.#options.onChange(poolUid);
    };
    void this.#getAll(
      images,
      (message) => {
        report(preparing(message));
      },
      pool.stopping.signal,
    ).then(report);
    return pool.preparation;
  }

  /** One image after the other, so that there is one message. Never rejects. */
  async #getAll(
    images: readonly MemberImage[],
    onProgress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<Preparation> {
    // Nothing is reported before `prepare` has returned.
    await Promise.resolve();
    for (const { image, imagePullPolicy } of images) {
      const reference = withTag(image);
      try {
        if (imagePullPolicy !== 'Always' && (await this.#exists(reference))) continue;
        if (imagePullPolicy === 'Never') return { state: 'failed', message: neverPulled(image) };
        await this.#pulls.pull(reference, onProgress, signal);
      } catch (error) {
        return { state: 'failed', message: `Cannot pull image "${image}": ${errorMessage(error)}` };
      }
      if (signal.aborted) break;
    }
    return { state: 'ready' };
  }

  async #exists(reference: string): Promise<boolean> {
    try {
      await this.#options.docker.getImage(reference).inspect();
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

/** Each image once for each policy. What is privileged is refused when a member starts, not here. */
const imagesOf = (template: PreparationOrder['template']): MemberImage[] => {
  const { initContainers, containers } = toMemberPlan(template, { allowPrivileged: true });
  const images = [...initContainers, ...containers];
  return [...new Map(images.map((one) => [`${one.imagePullPolicy} ${one.image}`, one])).values()];
};

const neverPulled = (image: string) =>
  `Image "${image}" is not on the Docker host, and its imagePullPolicy is Never. Load it there, or use IfNotPresent.`;
