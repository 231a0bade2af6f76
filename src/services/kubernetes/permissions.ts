// Which permissions the account of the server lacks. Each switches off a feature; the server runs on without it.
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { jsonReader, type ClusterConnection } from './connection/cluster-connection.ts';

type Permission = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** What does not work without it, as a sentence. */
  readonly without: string;
};

const POOL_GROUP = 'sandbox.opensandbox.io';
const pods = { group: '', resource: 'pods' } as const;

/** Those whose lack nothing else reports: caches and Leases name theirs. */
const PERMISSIONS: readonly Permission[] = [
  { ...pods, verb: 'get', without: 'Writes without a response cannot be settled.' },
  { ...pods, verb: 'create', without: 'No members are started.' },
  { ...pods, verb: 'patch', without: 'No members are handed out, and claims are neither renewed nor ended.' },
  { ...pods, verb: 'delete', without: 'No members are stopped.' },
  { ...pods, verb: 'create', subresource: 'exec', without: 'Members are replaced instead of restarted.' },
  { verb: 'patch', group: POOL_GROUP, resource: 'pools', subresource: 'status', without: 'The status is not written.' },
  { verb: 'create', group: '', resource: 'events', without: 'No Events are written.' },
  { verb: 'patch', group: '', resource: 'events', without: 'Events that occur again are not counted.' },
];

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const Review = jsonReader(z.object({ status: z.object({ allowed: z.boolean() }) }));

const CHECK_MS = 5 * 60_000;
/** While one is missing, or the API server does not say. */
const RETRY_MS = 15_000;
const DEADLINE_MS = 5_000;

type PermissionsOptions = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly observer: Pick<RuntimeObserver, 'permissionMissing'>;
};

export class Permissions {
  readonly #options: PermissionsOptions;
  readonly #stop = new AbortController();
  #missing: readonly string[] = [];
  #running: Promise<void> | undefined;

  constructor(options: PermissionsOptions) {
    this.#options = options;
  }

  /** Asks the API server now, and every 5 minutes; every 15 s while a permission is missing. Returns at once. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Sentences that name the missing permissions, as of the last check, and what does not work without them. */
  problems(): readonly string[] {
    return this.#missing;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const isComplete = await this.#check();
      const pauseMs = isComplete && this.#missing.length === 0 ? CHECK_MS : RETRY_MS;
      await setTimeout(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Returns false, and changes nothing, if the API server does not say. */
  async #check(): Promise<boolean> {
    try {
      const areAllowed = await Promise.all(PERMISSIONS.map((permission) => this.#isAllowed(permission)));
      const missing = PERMISSIONS.filter((_permission, at) => areAllowed[at] === false).map(sentenceOf);
      for (const problem of missing)
        if (!this.#missing.includes(problem)) this.#options.observer.permissionMissing(problem);
      this.#missing = missing;
      return true;
    } catch {
      return false;
    }
  }

  async #isAllowed({ without: _without, ...resourceAttributes }: Permission): Promise<boolean> {
    const { connection, namespace } = this.#options;
    const spec = { resourceAttributes: { ...resourceAttributes, namespace } };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const { status } = await connection.request({ verb: 'create', path: REVIEWS, body }, signal, Review);
    return status.allowed;
  }
}

const sentenceOf = ({ verb, resource, subresource, without }: Permission): string =>
  `${without} The permission to ${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} is missing. Apply the Role of deploy/server.yaml.`;
