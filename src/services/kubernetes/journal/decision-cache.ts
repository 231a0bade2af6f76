// The ConfigMaps with decisions, from the watch and from responses to writes. It never goes back in time.
import type { Decision } from '../../../contract/decision.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import type { ObjectStore } from '../cache/reflector.ts';
import { decisionMapName, readDecisions, type ConfigMap } from './decision-map.ts';

type Entry = ConfigMap & { readonly last: Decision | undefined };

export class DecisionCache implements ObjectStore<ConfigMap> {
  /** Of a namespace that seems empty the reflector checks whether it exists: the reflector of the pools does that. */
  readonly isEmpty = false;
  /** By name. Decisions stay text until they are read: thousands of pools have some. */
  readonly #entries = new Map<string, Entry>();

  /** Newest first. */
  list(poolUid: string): Decision[] {
    const entry = this.#entries.get(decisionMapName(poolUid));
    return entry === undefined ? [] : [...readDecisions(entry)];
  }

  /** The newest decision. */
  last(poolUid: string): Decision | undefined {
    return this.#entries.get(decisionMapName(poolUid))?.last;
  }

  /** Of the pool's ConfigMap; undefined when none is known. */
  resourceVersion(poolUid: string): string | undefined {
    return this.#entries.get(decisionMapName(poolUid))?.metadata.resourceVersion;
  }

  put({ metadata, data }: ConfigMap): void {
    const known = this.#entries.get(metadata.name);
    if (known !== undefined && compareVersions(metadata.resourceVersion, known.metadata.resourceVersion) <= 0) return;
    const [last] = readDecisions({ data });
    this.#entries.set(metadata.name, { metadata, data, last });
  }

  delete({ metadata: { name, resourceVersion } }: ConfigMap): void {
    const known = this.#entries.get(name);
    if (known !== undefined && compareVersions(known.metadata.resourceVersion, resourceVersion) <= 0)
      this.#entries.delete(name);
  }

  /** The pool's ConfigMap does not exist. */
  remove(poolUid: string): void {
    this.#entries.delete(decisionMapName(poolUid));
  }

  replace(maps: readonly ConfigMap[], listVersion: string): void {
    const listed = new Set(maps.map(({ metadata }) => metadata.name));
    for (const { metadata } of this.#entries.values())
      if (!listed.has(metadata.name) && compareVersions(metadata.resourceVersion, listVersion) <= 0)
        this.#entries.delete(metadata.name);
    for (const map of maps) this.put(map);
  }

  clear(): void {
    this.#entries.clear();
  }
}
