// Installs and checks the definition of the Pool custom resource, for an administrator.
import { readFileSync } from 'node:fs';
import { ApiextensionsV1Api, loadYaml, type V1CustomResourceDefinition } from '@kubernetes/client-node';
import { WarmpoolError } from '../../warmpool-error.ts';
import { ClusterConnection } from '../connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from '../connection/kube-config.ts';
import { differences } from './difference.ts';

const MANIFEST = new URL('../../../../deploy/crds/pools.yaml', import.meta.url);
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const DEADLINE_MS = 5_000;

/** What an administrator is told: in one sentence, and how an existing definition differs. */
export type DefinitionReport = {
  /** Whether Warmpool can work with what is installed now. */
  readonly isInstalled: boolean;
  readonly sentence: string;
  readonly differences: readonly string[];
};

type Definition = Pick<V1CustomResourceDefinition, 'metadata' | 'spec'>;

export class PoolDefinition {
  /** Which cluster it looks at. */
  readonly where: string;
  readonly #connection: ClusterConnection;
  readonly #api: ApiextensionsV1Api;
  readonly #ours = loadYaml<V1CustomResourceDefinition>(readFileSync(MANIFEST, 'utf8'));

  /** Throws KubeConfigError. */
  constructor(options: KubeConfigOptions) {
    const { kubeConfig, where } = findCluster(options);
    this.where = where;
    this.#connection = new ClusterConnection(kubeConfig);
    this.#api = this.#connection.client(ApiextensionsV1Api);
  }

  /** Changes nothing. */
  async check(): Promise<DefinitionReport> {
    const theirs = await this.#read();
    if (theirs === undefined)
      return {
        isInstalled: false,
        sentence: `${this.#name} is not installed. Install it with: npm run -s warmpool -- crd install`,
        differences: [],
      };
    return this.#compare(theirs);
  }

  /** Creates the definition where there is none, brings one that Warmpool made up to date, and leaves any other alone. */
  async install(): Promise<DefinitionReport> {
    const theirs = await this.#read();
    if (theirs === undefined) {
      await this.#call('create', (options) => this.#api.createCustomResourceDefinition({ body: this.#ours }, options));
      return { isInstalled: true, sentence: `${this.#name} is installed.`, differences: [] };
    }
    const report = this.#compare(theirs);
    if (report.differences.length === 0 || theirs.metadata?.labels?.[MANAGED_BY] !== 'warmpool') return report;
    const labels = { ...theirs.metadata.labels, ...this.#ours.metadata?.labels };
    const body = { ...this.#ours, metadata: { ...theirs.metadata, labels } };
    await this.#call('update', (options) =>
      this.#api.replaceCustomResourceDefinition({ name: this.#name, body }, options),
    );
    return { ...report, sentence: `${this.#name} was made by Warmpool, and is up to date now. It differed:` };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  get #name(): string {
    return this.#ours.metadata?.name ?? '';
  }

  #compare(theirs: Definition): DefinitionReport {
    const found = differences(comparable(this.#ours), comparable(theirs), 'spec');
    const isMadeHere = theirs.metadata?.labels?.[MANAGED_BY] === 'warmpool';
    const whose = isMadeHere ? 'made by Warmpool' : 'not made by Warmpool, and is left as it is';
    return found.length === 0
      ? { isInstalled: true, sentence: `${this.#name} is installed and up to date.`, differences: [] }
      : { isInstalled: true, sentence: `${this.#name} is installed; it was ${whose}. It differs:`, differences: found };
  }

  async #read(): Promise<Definition | undefined> {
    try {
      return await this.#call('get', (options) =>
        this.#api.readCustomResourceDefinition({ name: this.#name }, options),
      );
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND') return undefined;
      throw error;
    }
  }

  #call<Result>(verb: string, send: Parameters<ClusterConnection['call']>[2]): Promise<Result> {
    return this.#connection.call(verb, AbortSignal.timeout(DEADLINE_MS), send) as Promise<Result>;
  }
}

/** What matters to Warmpool and to the controller: names, scope, and the version's schema. The API server adds much more. */
const comparable = ({ spec }: Definition) => ({
  group: spec.group,
  scope: spec.scope,
  names: { kind: spec.names.kind, plural: spec.names.plural },
  versions: Object.fromEntries(
    spec.versions.map(({ name, served, schema, subresources }) => [
      name,
      { served, status: subresources?.status !== undefined, schema: withoutProse(schema?.openAPIV3Schema) },
    ]),
  ),
});

/** A schema without descriptions. */
const withoutProse = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema ?? null, (key, value: unknown) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    ),
  );
