// The progress of a pull, from the lines that the daemon reports.
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';

const Line = z.looseObject({
  /** The layer. */
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.looseObject({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});

const inMegabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);

export class PullProgress {
  readonly #image: string;
  readonly #layers = new Map<string, { readonly current: number; readonly total: number }>();

  constructor(image: string) {
    this.#image = image;
  }

  /** For people: `Pulling python:3.14-slim: 45 of 120 MB`. Layers whose size is not known yet are not included. */
  get message(): string {
    const layers = [...this.#layers.values()];
    const current = inMegabytes(layers.reduce((sum, layer) => sum + layer.current, 0));
    const total = inMegabytes(layers.reduce((sum, layer) => sum + layer.total, 0));
    return `Pulling ${this.#image}${total > 0 ? `: ${current} of ${total} MB` : ''}`;
  }

  /** Throws the daemon's error: after the pull has begun, it comes as a line. */
  take(text: string): void {
    const { id, status, progressDetail, error } = Line.safeParse(parseJson(text)).data ?? {};
    if (error !== undefined) throw new Error(error);
    if (id === undefined) return;
    const { current, total } = progressDetail ?? {};
    const layer = this.#layers.get(id);
    if (status === 'Downloading' && current !== undefined && total !== undefined && total > 0)
      this.#layers.set(id, { current, total });
    if (status === 'Download complete' && layer) this.#layers.set(id, { ...layer, current: layer.total });
  }
}
