// Security contexts of the template, and what needs the setting allow_privileged.
import { must } from '../../../contract/must.ts';
import { INT32_MAX } from '../../../contract/limits.ts';
import { fields, Flag, listOf, Text, whole } from './fields.ts';

const NEEDS_SETTING = 'is refused unless the server runs with [local.docker] allow_privileged = true';

/** A switch that gives a member power over the host. */
export const hostAccess = (allowPrivileged: boolean) =>
  Flag.refine((isOn) => !isOn || allowPrivileged, { error: NEEDS_SETTING });

/**
 * Capabilities that every template may add: those of Docker's default set. Others may give power over the host.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
const ADDABLE: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const Capability = Text.regex(/^[A-Z][A-Z0-9_]*$/, must('be the name of a capability, like NET_ADMIN'));

const identity = { runAsUser: whole(0, INT32_MAX).optional(), runAsGroup: whole(0, INT32_MAX).optional() };

export const PodSecurity = fields(identity).default({});

export const containerSecurity = (allowPrivileged: boolean) =>
  fields({
    ...identity,
    readOnlyRootFilesystem: Flag.default(false),
    allowPrivilegeEscalation: Flag.default(true),
    privileged: hostAccess(allowPrivileged).default(false),
    capabilities: fields({
      add: listOf(
        Capability.refine((name) => allowPrivileged || ADDABLE.has(name.replace(/^CAP_/, '')), {
          error: NEEDS_SETTING,
        }),
      ),
      drop: listOf(Capability),
    }).prefault({}),
  })
    .refine(({ privileged, allowPrivilegeEscalation }) => !privileged || allowPrivilegeEscalation, {
      path: ['allowPrivilegeEscalation'],
      error: 'must not be false for a privileged container',
    })
    .prefault({});

type Identity = { readonly runAsUser?: number | undefined; readonly runAsGroup?: number | undefined };

/** User and group of a container: its own, else those of the pod. */
export const identityOf = (container: Identity, pod: Identity): Identity => ({
  runAsUser: container.runAsUser ?? pod.runAsUser,
  runAsGroup: container.runAsGroup ?? pod.runAsGroup,
});
