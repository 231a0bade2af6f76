// What a member consists of: the template with defaults applied, ports resolved and quantities as numbers.
import type { MemberPort } from '../../../contract/member.ts';
import { definedFields, type JsonObject } from '../../../lib/json.ts';
import type { GivenContainer, GivenInitContainer } from './container.ts';
import { expand, expandVariables } from './expand.ts';
import { isLatest } from './image.ts';
import { parseTemplate, type GivenTemplate, type TemplateOptions } from './pod-template.ts';
import { toProbe, type Probe } from './probe.ts';
import { violationsOf } from './review-template.ts';
import { identityOf } from './security.ts';

export type ContainerPlan = {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** Replaces the image's entrypoint and discards its arguments. */
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly workingDir?: string | undefined;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly MemberPort[];
  /** CPU in cores, memory in bytes. As in Kubernetes, a request that is not given is the limit. */
  readonly resources: {
    readonly cpuLimit?: number | undefined;
    readonly memoryLimit?: number | undefined;
    readonly cpuRequest?: number | undefined;
    readonly memoryRequest?: number | undefined;
  };
  readonly security: {
    readonly runAsUser?: number | undefined;
    /** Only with `runAsUser`. */
    readonly runAsGroup?: number | undefined;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilitiesAdd: readonly string[];
    readonly capabilitiesDrop: readonly string[];
    readonly allowPrivilegeEscalation: boolean;
    readonly privileged: boolean;
  };
  /** `volume` is the name of one of the member's volumes. */
  readonly mounts: readonly { readonly volume: string; readonly path: string; readonly readOnly: boolean }[];
  readonly startupProbe?: Probe | undefined;
  readonly readinessProbe?: Probe | undefined;
};

export type MemberPlan = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostname?: string | undefined;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly terminationGracePeriodSeconds: number;
  readonly hostNetwork: boolean;
  readonly hostPID: boolean;
  readonly hostIPC: boolean;
  /** Run one after the other before the others start. */
  readonly initContainers: readonly ContainerPlan[];
  readonly containers: readonly ContainerPlan[];
  /** Names of volumes that are empty at first and live as long as the member. */
  readonly volumes: readonly string[];
};

/**
 * The plan of a template's members. Throws an error that names the first violation if the driver does not support the
 * template: `reviewTemplate` lists all of them. Without `allowPrivileged`, nothing privileged is allowed.
 */
export const toMemberPlan = (
  template: JsonObject,
  options: TemplateOptions = { allowPrivileged: false },
): MemberPlan => {
  const { data, error } = parseTemplate(template, options);
  if (error === undefined) return planOf(data);
  const [first] = violationsOf(error);
  throw new Error(`template.${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`);
};

const planOf = ({ metadata, spec }: GivenTemplate): MemberPlan => {
  const { initContainers, containers, volumes, securityContext, ...rest } = spec;
  return definedFields({
    ...rest,
    ...metadata,
    initContainers: initContainers.map((container) => containerPlan(container, securityContext)),
    containers: containers.map((container) => ({
      ...containerPlan(container, securityContext),
      ...probesOf(container),
    })),
    volumes: volumes.map(({ name }) => name),
  });
};

const containerPlan = (
  given: GivenInitContainer,
  podSecurity: GivenTemplate['spec']['securityContext'],
): ContainerPlan => {
  const { resources, securityContext, volumeMounts, ports } = given;
  const { capabilities, ...security } = securityContext;
  const { limits, requests } = resources;
  const variables = expandVariables(given.env);
  const expanded = (words: readonly string[]) =>
    words.length > 0 ? words.map((word) => expand(word, variables)) : undefined;
  return definedFields({
    name: given.name,
    image: given.image,
    imagePullPolicy: given.imagePullPolicy ?? (isLatest(given.image) ? 'Always' : 'IfNotPresent'),
    command: expanded(given.command),
    args: expanded(given.args),
    workingDir: given.workingDir,
    env: Array.from(variables, ([name, value]) => ({ name, value })),
    ports: ports.map(definedFields),
    resources: definedFields({
      cpuLimit: limits.cpu,
      memoryLimit: limits.memory,
      cpuRequest: requests.cpu ?? limits.cpu,
      memoryRequest: requests.memory ?? limits.memory,
    }),
    security: definedFields({
      ...security,
      ...identityOf(securityContext, podSecurity),
      capabilitiesAdd: capabilities.add,
      capabilitiesDrop: capabilities.drop,
    }),
    mounts: volumeMounts.map(({ name, mountPath, readOnly }) => ({ volume: name, path: mountPath, readOnly })),
  });
};

const probesOf = ({ startupProbe, readinessProbe, ports }: GivenContainer) =>
  definedFields({
    startupProbe: startupProbe && toProbe(startupProbe, ports),
    readinessProbe: readinessProbe && toProbe(readinessProbe, ports),
  });
