// Installs and checks the CRD of pools, for an administrator.
import { isNotFound } from '../resource/call-outcome.ts';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { z } from 'zod';
import { ClusterConnection, jsonReader } from '../connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from '../connection/kube-config.ts';
import { describe, differences, type Difference } from './difference.ts';
import { dropsConditions, matters, type Controller } from './requirements.ts';

const MANIFEST = new URL('../../../../deploy/crds/pools.yaml', import.meta.url);
const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const DEADLINE_MS = 5_000;

/** What an administrator learns about the CRD in the cluster. */
export type CrdReport = {
  /** Whether Warmpool can work with what is installed now. */
  readonly isInstalled: boolean;
  readonly sentence: string;
  /** How the installed CRD drops or refuses what Warmpool writes under the setting of the controller. */
  readonly differences: readonly string[];
  /** How else it differs from the one that Warmpool ships. */
  readonly harmless: readonly string[];
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
        additionalPrinterColumns: z.array(z.looseObject({ name: z.string(), jsonPath: z.string() })).default([]),
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
  readonly #controller: Controller;
  readonly #connection: ClusterConnection;
  readonly #ours = Crd.parse(load(readFileSync(MANIFEST, 'utf8')));
  readonly #name = this.#ours.metadata.name;

  /** Throws KubeConfigError. */
  constructor({ controller, ...options }: KubeConfigOptions & { readonly controller: Controller }) {
    const { kubeConfig, where } = findCluster(options);
    this.where = where;
    this.#controller = controller;
    this.#connection = new ClusterConnection(kubeConfig);
  }

  /** Changes nothing. */
  async check(): Promise<CrdReport> {
    const theirs = await this.#read();
    if (theirs !== undefined) return this.#compare(theirs);
    const sentence = `${this.#name} is not installed. Install it with: npm run -s warmpool -- crd install`;
    return { isInstalled: false, sentence, differences: [], harmless: [] };
  }

  /** Creates the CRD where it is missing, updates one that Warmpool has installed, and leaves any other unchanged. */
  async install(): Promise<CrdReport> {
    const theirs = await this.#read();
    if (theirs === undefined) {
      await this.#connection.request({ verb: 'create', path: PATH, body: this.#ours }, deadline());
      return { isInstalled: true, sentence: `${this.#name} is installed.`, differences: [], harmless: [] };
    }
    const report = this.#compare(theirs);
    const isSame = report.differences.length + report.harmless.length === 0;
    if (isSame || !isManaged(theirs)) return report;
    const labels = { ...theirs.metadata.labels, ...this.#ours.metadata.labels };
    const body = { ...this.#ours, metadata: { ...theirs.metadata, labels } };
    await this.#connection.request({ verb: 'update', path: `${PATH}/${this.#name}`, body }, deadline());
    return { ...report, sentence: `${this.#name} was installed by Warmpool and is now up to date. It differed.` };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #compare(theirs: Crd): CrdReport {
    const found = differences(comparable(this.#ours), comparable(theirs));
    if (found.length === 0)
      return {
        isInstalled: true,
        sentence: `${this.#name} is installed and up to date.`,
        differences: [],
        harmless: [],
      };
    const isImportant = (difference: Difference) => matters(difference, this.#controller);
    const important = found.filter(isImportant);
    const origin = isManaged(theirs) ? 'by Warmpool' : 'by somebody else, and is left unchanged';
    const installed = `${this.#name} is installed; it was installed ${origin}.`;
    return {
      isInstalled: true,
      sentence: important.some(dropsConditions) ? `${installed} ${WITHOUT_CONDITIONS}` : installed,
      differences: important.map(describe),
      harmless: found.filter((difference) => !isImportant(difference)).map(describe),
    };
  }

  async #read(): Promise<Crd | undefined> {
    try {
      return await this.#connection.request({ verb: 'get', path: `${PATH}/${this.#name}` }, deadline(), readCrd);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

const WITHOUT_CONDITIONS =
  'It does not keep all conditions: each server computes them from its own cache, and kubectl does not show them.';

const isManaged = ({ metadata }: Crd) => metadata.labels[MANAGED_BY] === 'warmpool';

const deadline = () => AbortSignal.timeout(DEADLINE_MS);

/** What Warmpool compares: names, scope, columns, and the version's schema. The API server adds much more. */
const comparable = ({ spec }: Crd) => ({
  group: spec.group,
  scope: spec.scope,
  names: { kind: spec.names.kind, plural: spec.names.plural },
  columns: Object.fromEntries(
    spec.versions.flatMap(({ name, additionalPrinterColumns }) =>
      additionalPrinterColumns.map((column) => [`${name}.${column.name}`, column.jsonPath]),
    ),
  ),
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
