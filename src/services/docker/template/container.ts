// Containers of the template.
import { z } from 'zod';
import { must } from '../../../contract/must.ts';
import { AbsolutePath, DnsLabel, fields, Flag, listOf, Text, unique, whole } from './fields.ts';
import { Image } from './image.ts';
import { portNameOf, ReadinessProbe, StartupProbe } from './probe.ts';
import { Resources } from './resources.ts';
import { containerSecurity } from './security.ts';

/** Kubernetes allows any printable ASCII in the name of a variable except "=". */
const EnvVar = fields({
  name: Text.regex(/^[ -<>-~]+$/, must('be printable ASCII without "="')),
  value: Text.default(''),
});

/** Source: IANA_SVC_NAME of RFC 6335. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

const ContainerPort = fields({
  containerPort: whole(1, 65_535),
  name: Text.regex(
    PORT_NAME,
    must('have 1 to 15 lower-case letters, digits and single "-", with at least one letter'),
  ).optional(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP'], must('be TCP, UDP or SCTP')).default('TCP'),
});

const VolumeMount = fields({
  name: Text,
  mountPath: AbsolutePath.refine(
    (path) => !/^\/+$/.test(path) && !path.includes(':'),
    must('not be "/" or contain ":"'),
  ),
  readOnly: Flag.default(false),
});

const common = (allowPrivileged: boolean) => ({
  name: DnsLabel,
  image: Image,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never'], must('be Always, IfNotPresent or Never')).optional(),
  command: listOf(Text),
  args: listOf(Text),
  workingDir: AbsolutePath.optional(),
  env: listOf(EnvVar),
  ports: listOf(ContainerPort).superRefine(unique(({ name }) => name, 'name')),
  resources: Resources,
  securityContext: containerSecurity(allowPrivileged),
  volumeMounts: listOf(VolumeMount).superRefine(unique(({ mountPath }) => mountPath, 'mountPath')),
});

const PROBES = ['startupProbe', 'readinessProbe'] as const;

export const containerSchema = (allowPrivileged: boolean) =>
  fields({
    ...common(allowPrivileged),
    startupProbe: StartupProbe,
    readinessProbe: ReadinessProbe,
  }).superRefine(({ ports, ...container }, context) => {
    for (const field of PROBES) {
      const port = container[field] && portNameOf(container[field]);
      if (port && !ports.some(({ name }) => name === port.name))
        context.addIssue({
          code: 'custom',
          path: [field, ...port.path],
          message: `the container has no port named "${port.name}"`,
        });
    }
  });

/** As in Kubernetes, an init container has no probes: it is done when it ends. */
export const initContainerSchema = (allowPrivileged: boolean) => fields(common(allowPrivileged));

export type GivenContainer = z.output<ReturnType<typeof containerSchema>>;
export type GivenInitContainer = z.output<ReturnType<typeof initContainerSchema>>;
