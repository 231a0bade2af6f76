// Installs and checks the CRD of pools, for an administrator.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { z } from 'zod';
import { WarmpoolError } from '../../warmpool-error.ts';
import { ClusterConnection, jsonReader } from '../connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from '../connection/kube-config.ts';
import { differences } from './difference.ts';

const MANIFEST = new URL('../../../../deploy/crds/pools.yaml', import.meta.url);
const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const DEADLINE_MS = 5_000;

/** What an administrator learns about the CRD in the cluster. */
export type CrdReport = {
  /** Whether Warmpool can work with what is installed now. */
  readonly isInstalled: boolean;
  readonly sentence: string;
  /** How the installed CRD differs from the one that Warmpool ships. */
  readonly differences: readonly string[];
};

/** The fields that are read here; an update sends the others back. */
const Crd = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    group: z.string(),
    scope: z.string(),
    names: z.looseObject({ kind: z.string(), plural: z.string() }),
    versions: z.array(
      z.looseObject({
        name: z.string(),
        served: z.boolean(),
        schema: z.object({ openAPIV3Schema: z.unknown() }).optional(),
        subresources: z.object({ status: z.unknown() }).optional(),
      }),
    ),
  }),
});
type Crd = z.output<typeof Crd>;
const readCrd = jsonReader(Crd);

export class PoolCrd {
  /** Address of the cluster, and where it was found. */
  readonly where: string;
  readonly #connection: ClusterConnection;
  readonly #ours = Crd.parse(load(readFileSync(MANIFEST, 'utf8')));
  readonly #name = this.#ours.metadata.name;

  /** Throws KubeConfigError. */
  constructor(options: KubeConfigOptions) {
    const { kubeConfig, where } = findCluster(options);
    this.where = where;
    this.#connection = new ClusterConnection(kubeConfig);
  }

  /** Changes nothing. */
  async check(): Promise<CrdReport> {
    const theirs = await this.#read();
    if (theirs !== undefined) return this.#compare(theirs);
    const sentence = `${this.#name} is not installed. Install it with: npm run -s warmpool -- crd install`;
    return { isInstalled: false, sentence, differences: [] };
  }

  /** Creates the CRD where it is missing, updates one that Warmpool has installed, and leaves any other unchanged. */
  async install(): Promise<CrdReport> {
    const theirs = await this.#read();
    if (theirs === undefined) {
      await this.#connection.request({ verb: 'create', path: PATH, body: this.#ours }, deadline());
      return { isInstalled: true, sentence: `${this.#name} is installed.`, differences: [] };
    }
    const report = this.#compare(theirs);
    if (report.differences.length === 0 || theirs.metadata.labels[MANAGED_BY] !== 'warmpool') return report;
    const labels = { ...theirs.metadata.labels, ...this.#ours.metadata.labels };
    const body = { ...this.#ours, metadata: { ...theirs.metadata, labels } };
    await this.#connection.request({ verb: 'update', path: `${PATH}/${this.#name}`, body }, deadline());
    return { ...report, sentence: `${this.#name} was installed by Warmpool and is now up to date. It differed:` };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #compare(theirs: Crd): CrdReport {
    const found = differences(comparable(this.#ours), comparable(theirs), 'spec');
    if (found.length === 0)
      return { isInstalled: true, sentence: `${this.#name} is installed and up to date.`, differences: [] };
    const isOurs = theirs.metadata.labels[MANAGED_BY] === 'warmpool';
    const origin = isOurs ? 'by Warmpool' : 'by somebody else, and is left unchanged';
    const sentence = `${this.#name} is installed; it was installed ${origin}. It differs:`;
    return { isInstalled: true, sentence, differences: found };
  }

  async #read(): Promise<Crd | undefined> {
    try {
      return await this.#connection.request({ verb: 'get', path: `${PATH}/${this.#name}` }, deadline(), readCrd);
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND') return undefined;
      throw error;
    }
  }
}

const deadline = () => AbortSignal.timeout(DEADLINE_MS);

/** What matters to Warmpool and to the controller: names, scope, and the version's schema. The API server adds much more. */
const comparable = ({ spec }: Crd) => ({
  group: spec.group,
  scope: spec.scope,
  names: { kind: spec.names.kind, plural: spec.names.plural },
  versions: Object.fromEntries(
    spec.versions.map(({ name, served, schema, subresources }) => [
      name,
      { served, status: subresources?.status !== undefined, schema: withoutDescriptions(schema?.openAPIV3Schema) },
    ]),
  ),
});

const withoutDescriptions = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema ?? null, (key, value: unknown) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    ),
  );
