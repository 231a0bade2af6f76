// The part of a PodTemplateSpec that the docker driver supports, as one schema: what it lists is honoured, everything
// else is refused. Rules and defaults are those of Kubernetes.
import { z } from 'zod';
import { INT32_MAX } from '../../../contract/limits.ts';
import { must } from '../../../contract/must.ts';
import { containerSchema, initContainerSchema } from './container.ts';
import { DnsLabel, fields, listOf, unique, whole } from './fields.ts';
import { Metadata } from './metadata.ts';
import { hostAccess, identityOf, PodSecurity } from './security.ts';

/** As in Kubernetes, a volume without a source is an emptyDir. */
const Volume = fields({ name: DnsLabel, emptyDir: fields({}).optional() });

const byName = ({ name }: { readonly name: string }) => name;

const specFields = (allowPrivileged: boolean) =>
  fields({
    initContainers: listOf(initContainerSchema(allowPrivileged)),
    containers: listOf(containerSchema(allowPrivileged)),
    volumes: listOf(Volume).superRefine(unique(byName, 'name')),
    restartPolicy: z.enum(['Always', 'OnFailure', 'Never'], must('be Always, OnFailure or Never')).default('Always'),
    terminationGracePeriodSeconds: whole(0, INT32_MAX).default(30),
    hostname: DnsLabel.optional(),
    securityContext: PodSecurity,
    hostNetwork: hostAccess(allowPrivileged).default(false),
    hostPID: hostAccess(allowPrivileged).default(false),
    hostIPC: hostAccess(allowPrivileged).default(false),
  });

type GivenSpec = z.output<ReturnType<typeof specFields>>;

/** The rules between containers, volumes and the pod. */
const checkContainers = (spec: GivenSpec, context: z.RefinementCtx): void => {
  const { initContainers, containers, volumes } = spec;
  const refuse = (path: (string | number)[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
  };
  const names = new Set<string>();
  for (const [list, items] of Object.entries({ initContainers, containers }))
    for (const [index, { name, volumeMounts, securityContext }] of items.entries()) {
      if (names.has(name)) refuse([list, index, 'name'], `the name "${name}" is used twice`);
      names.add(name);
      for (const [position, mount] of volumeMounts.entries())
        if (!volumes.some((volume) => volume.name === mount.name))
          refuse([list, index, 'volumeMounts', position, 'name'], `the template has no volume named "${mount.name}"`);
      const { runAsUser, runAsGroup } = identityOf(securityContext, spec.securityContext);
      if (runAsGroup !== undefined && runAsUser === undefined)
        refuse([list, index, 'securityContext'], 'must have runAsUser, because runAsGroup is set');
    }
};

const schema = (allowPrivileged: boolean) =>
  fields({ metadata: Metadata, spec: specFields(allowPrivileged).superRefine(checkContainers) });

const schemas = { privileged: schema(true), unprivileged: schema(false) };

export type GivenTemplate = z.output<typeof schemas.unprivileged>;

export type TemplateOptions = {
  /** Whether privileged containers, host namespaces and any capability are allowed. */
  readonly allowPrivileged: boolean;
};

export const parseTemplate = (template: unknown, { allowPrivileged }: TemplateOptions) =>
  (allowPrivileged ? schemas.privileged : schemas.unprivileged).safeParse(template);
