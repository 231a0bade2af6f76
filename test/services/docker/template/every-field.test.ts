// Every field that Kubernetes knows is either honoured or refused with its path: nothing is dropped.
import { describe, expect, test } from 'vitest';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';
import { reviewTemplate } from '../../../../src/services/docker/template/review-template.ts';
import { KUBERNETES_FIELDS } from './kubernetes-fields.ts';

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

/** Has every object that a field can be in. */
const TEMPLATE = {
  metadata: { labels: {} },
  spec: {
    securityContext: { runAsUser: 7 },
    volumes: [{ name: 'data' }, { name: 'cache', emptyDir: {} }],
    initContainers: [{ name: 'first', image: 'busybox:1' }],
    containers: [
      {
        name: 'main',
        image: 'busybox:1',
        ports: [{ containerPort: 80, name: 'web' }, { containerPort: 81 }],
        env: [{ name: 'A', value: '1' }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        resources: { limits: {}, requests: {} },
        securityContext: { capabilities: {} },
        readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'X-A', value: '1' }] } },
        startupProbe: { exec: { command: ['true'] } },
      },
      { name: 'other', image: 'busybox:1', readinessProbe: { tcpSocket: { port: 80 } } },
    ],
  },
};

/** The object with a field changed so that the plan changes. */
type Change = (object: Json) => Json;
const set =
  (more: Json): Change =>
  (object) => ({ ...object, ...more });
const instead =
  (object: Json): Change =>
  () =>
    object;

const container: Record<string, Change> = {
  name: set({ name: 'renamed' }),
  image: set({ image: 'busybox:2' }),
  imagePullPolicy: set({ imagePullPolicy: 'Never' }),
  command: set({ command: ['sleep'] }),
  args: set({ args: ['1'] }),
  workingDir: set({ workingDir: '/srv' }),
  env: set({ env: [{ name: 'B', value: '2' }] }),
  ports: set({ ports: [{ containerPort: 80, name: 'web' }] }),
  resources: set({ resources: { limits: { cpu: 1 } } }),
  securityContext: set({ securityContext: { runAsUser: 1 } }),
  volumeMounts: set({ volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }),
};
const main: Path = ['spec', 'containers', 0];
const httpGet = [...main, 'readinessProbe', 'httpGet'];
const timing: Record<string, Change> = {
  initialDelaySeconds: set({ initialDelaySeconds: 4 }),
  periodSeconds: set({ periodSeconds: 4 }),
  timeoutSeconds: set({ timeoutSeconds: 4 }),
  failureThreshold: set({ failureThreshold: 4 }),
};
const handlers: Record<string, Change> = {
  exec: instead({ exec: { command: ['false'] } }),
  tcpSocket: instead({ tcpSocket: { port: 443 } }),
  httpGet: instead({ httpGet: { port: 443 } }),
};

/** Where objects are in the template, and the fields of each that are honoured. */
const OBJECTS: [keyof typeof KUBERNETES_FIELDS, Path, Record<string, Change>][] = [
  [
    'PodTemplateSpec',
    [],
    {
      metadata: set({ metadata: { labels: { a: 'b' } } }),
      spec: set({ spec: { containers: [{ name: 'a', image: 'b' }] } }),
    },
  ],
  ['ObjectMeta', ['metadata'], { labels: set({ labels: { a: 'b' } }), annotations: set({ annotations: { a: 'b' } }) }],
  [
    'PodSpec',
    ['spec'],
    {
      containers: set({ containers: [{ name: 'a', image: 'b' }] }),
      initContainers: set({ initContainers: [] }),
      volumes: set({ volumes: [{ name: 'data' }] }),
      restartPolicy: set({ restartPolicy: 'Never' }),
      terminationGracePeriodSeconds: set({ terminationGracePeriodSeconds: 1 }),
      hostname: set({ hostname: 'sandbox' }),
      securityContext: set({ securityContext: { runAsUser: 8 } }),
      hostNetwork: set({ hostNetwork: true }),
      hostPID: set({ hostPID: true }),
      hostIPC: set({ hostIPC: true }),
    },
  ],
  [
    'PodSecurityContext',
    ['spec', 'securityContext'],
    { runAsUser: set({ runAsUser: 8 }), runAsGroup: set({ runAsGroup: 8 }) },
  ],
  ['Container', ['spec', 'initContainers', 0], container],
  [
    'Container',
    main,
    {
      ...container,
      startupProbe: set({ startupProbe: { exec: { command: ['false'] } } }),
      readinessProbe: set({ readinessProbe: { exec: { command: ['false'] } } }),
    },
  ],
  [
    'SecurityContext',
    [...main, 'securityContext'],
    {
      runAsUser: set({ runAsUser: 8 }),
      runAsGroup: set({ runAsGroup: 8 }),
      readOnlyRootFilesystem: set({ readOnlyRootFilesystem: true }),
      allowPrivilegeEscalation: set({ allowPrivilegeEscalation: false }),
      privileged: set({ privileged: true }),
      capabilities: set({ capabilities: { add: ['NET_ADMIN'] } }),
    },
  ],
  [
    'Capabilities',
    [...main, 'securityContext', 'capabilities'],
    { add: set({ add: ['SYS_ADMIN'] }), drop: set({ drop: ['ALL'] }) },
  ],
  ['Probe', [...main, 'readinessProbe'], { ...timing, ...handlers, successThreshold: set({ successThreshold: 4 }) }],
  ['Probe', [...main, 'startupProbe'], { ...timing, ...handlers, successThreshold: set({ successThreshold: 1 }) }],
  ['ExecAction', [...main, 'startupProbe', 'exec'], { command: set({ command: ['false'] }) }],
  [
    'TCPSocketAction',
    ['spec', 'containers', 1, 'readinessProbe', 'tcpSocket'],
    { port: set({ port: 5 }), host: set({ host: 'db' }) },
  ],
  [
    'HTTPGetAction',
    httpGet,
    {
      path: set({ path: '/healthz' }),
      port: set({ port: 443 }),
      host: set({ host: 'localhost' }),
      scheme: set({ scheme: 'HTTPS' }),
      httpHeaders: set({ httpHeaders: [] }),
    },
  ],
  ['HTTPHeader', [...httpGet, 'httpHeaders', 0], { name: set({ name: 'X-B' }), value: set({ value: '2' }) }],
  [
    'ContainerPort',
    [...main, 'ports', 1],
    { name: set({ name: 'api' }), containerPort: set({ containerPort: 82 }), protocol: set({ protocol: 'UDP' }) },
  ],
  ['EnvVar', [...main, 'env', 0], { name: set({ name: 'B' }), value: set({ value: '2' }) }],
  [
    'VolumeMount',
    [...main, 'volumeMounts', 0],
    { name: set({ name: 'cache' }), mountPath: set({ mountPath: '/d' }), readOnly: set({ readOnly: true }) },
  ],
  ['Volume', ['spec', 'volumes', 1], { name: set({ name: 'scratch' }), emptyDir: set({ emptyDir: {} }) }],
  ['EmptyDirVolumeSource', ['spec', 'volumes', 1, 'emptyDir'], {}],
  [
    'ResourceRequirements',
    [...main, 'resources'],
    { limits: set({ limits: { cpu: 1 } }), requests: set({ requests: { cpu: 1 } }) },
  ],
  ['ResourceList', [...main, 'resources', 'limits'], { cpu: set({ cpu: '2' }), memory: set({ memory: '1Gi' }) }],
  ['ResourceList', [...main, 'resources', 'requests'], { cpu: set({ cpu: '2' }), memory: set({ memory: '1Gi' }) }],
];

/** These say what is the default anyway. */
const DEFAULTS = new Set(['spec.volumes.1.emptyDir', 'spec.containers.0.startupProbe.successThreshold']);

const changed = (value: unknown, path: Path, change: Change): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return change(value as Json);
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, change);
  return copy;
};

const ALLOWED = { allowPrivileged: true };
const isHonoured = (honoured: Record<string, Change>, field: string) => honoured[field] !== undefined;

const rows = OBJECTS.flatMap(([kind, path, honoured]) =>
  KUBERNETES_FIELDS[kind].map((field) => ({
    kind,
    field,
    path,
    at: [...path, field].join('.'),
    change: honoured[field],
  })),
);

test('The template of these tests has no violation', () => {
  expect(reviewTemplate(TEMPLATE, ALLOWED)).toEqual([]);
});

test.each(OBJECTS)('The honoured fields of %s at %j are fields that Kubernetes knows', (kind, _path, honoured) => {
  const known: readonly string[] = KUBERNETES_FIELDS[kind];
  expect(Object.keys(honoured).filter((field) => !known.includes(field))).toEqual([]);
  expect(known.some((field) => isHonoured(honoured, field)) || kind === 'EmptyDirVolumeSource').toBe(true);
});

describe('A field of the template', () => {
  test.each(rows.filter(({ change }) => change !== undefined))(
    '$at is honoured: it changes the plan',
    ({ path, at, change }) => {
      const template = changed(TEMPLATE, path, change ?? instead({})) as Json;
      expect(reviewTemplate(template, ALLOWED)).toEqual([]);
      if (!DEFAULTS.has(at)) expect(toMemberPlan(template, ALLOWED)).not.toEqual(toMemberPlan(TEMPLATE, ALLOWED));
    },
  );

  test.each(rows.filter(({ change }) => change === undefined))('$at is refused at its path', ({ path, field }) => {
    const template = changed(TEMPLATE, path, set({ [field]: {} })) as Json;
    expect(reviewTemplate(template, ALLOWED)).toEqual([
      { path: [...path, field], message: expect.stringContaining('not supported by the docker driver') as string },
    ]);
    expect(() => toMemberPlan(template, ALLOWED)).toThrow([...path, field].join('.'));
  });

  test.each(rows.filter(({ change }) => change === undefined))(
    '$at is ignored if it is null, as in Kubernetes',
    ({ path, field }) => {
      expect(reviewTemplate(changed(TEMPLATE, path, set({ [field]: null })) as Json, ALLOWED)).toEqual([]);
    },
  );
});
