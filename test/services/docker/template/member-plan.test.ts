// What a member is started from: the template with the defaults of Kubernetes, resolved.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withTag } from '../../../../src/services/docker/template/image.ts';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';
import { parseQuantity } from '../../../../src/services/docker/template/quantity.ts';

const planOf = (container: object, spec: object = {}) => {
  const plan = toMemberPlan({ spec: { containers: [{ name: 'a', image: 'busybox:1', ...container }], ...spec } });
  const [first] = plan.containers;
  if (first === undefined) throw new Error('no container');
  return { ...plan, container: first };
};

test('A template with an image only has the defaults of Kubernetes', () => {
  expect(toMemberPlan({ spec: { containers: [{ name: 'a', image: 'busybox:1' }] } })).toEqual({
    labels: {},
    annotations: {},
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    initContainers: [],
    containers: [
      {
        name: 'a',
        image: 'busybox:1',
        imagePullPolicy: 'IfNotPresent',
        env: [],
        ports: [],
        resources: {},
        security: {
          readOnlyRootFilesystem: false,
          capabilitiesAdd: [],
          capabilitiesDrop: [],
          allowPrivilegeEscalation: true,
          privileged: false,
        },
        mounts: [],
      },
    ],
    volumes: [],
  });
});

describe('imagePullPolicy', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  test.each([
    ['busybox', 'busybox:latest', 'Always'],
    ['busybox:latest', 'busybox:latest', 'Always'],
    ['localhost:5000/team/busybox', 'localhost:5000/team/busybox:latest', 'Always'],
    ['busybox:1.36', 'busybox:1.36', 'IfNotPresent'],
    [`busybox${digest}`, `busybox${digest}`, 'IfNotPresent'],
    [`busybox:latest${digest}`, `busybox:latest${digest}`, 'IfNotPresent'],
  ])('The image %s is pulled as %s, by default with the policy %s', (image, reference, policy) => {
    expect(withTag(image)).toBe(reference);
    expect(planOf({ image }).container.imagePullPolicy).toBe(policy);
  });
});

describe('References to variables', () => {
  test('Commands, arguments and later variables are expanded, and $$ is a dollar sign', () => {
    const { container } = planOf({
      command: ['$(HOST)', '$$(HOST)', '$(NONE)', '$(', '$HOST'],
      args: ['$(URL)'],
      env: [
        { name: 'EARLY', value: '$(HOST)' },
        { name: 'HOST', value: 'db' },
        { name: 'URL', value: 'http://$(HOST):80' },
        { name: 'EMPTY' },
      ],
    });
    expect(container).toMatchObject({
      command: ['db', '$(HOST)', '$(NONE)', '$(', '$HOST'],
      args: ['http://db:80'],
      env: [
        { name: 'EARLY', value: '$(HOST)' },
        { name: 'HOST', value: 'db' },
        { name: 'URL', value: 'http://db:80' },
        { name: 'EMPTY', value: '' },
      ],
    });
  });
});

describe('Probes', () => {
  test('The name of a port is resolved, and timing has the defaults of Kubernetes', () => {
    const { container } = planOf({
      ports: [{ containerPort: 8080, name: 'web' }],
      readinessProbe: { httpGet: { port: 'web', httpHeaders: [{ name: 'Host', value: 'a' }] } },
      startupProbe: { tcpSocket: { port: 'web' }, failureThreshold: 30 },
    });
    const timing = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1 };
    expect(container.readinessProbe).toEqual({
      ...timing,
      failureThreshold: 3,
      handler: { kind: 'httpGet', scheme: 'HTTP', port: 8080, path: '/', headers: [{ name: 'Host', value: 'a' }] },
    });
    expect(container.startupProbe).toEqual({
      ...timing,
      failureThreshold: 30,
      handler: { kind: 'tcpSocket', port: 8080 },
    });
  });
});

test('A request that is not given is the limit, and user and group of the pod are defaults', () => {
  const { container } = planOf(
    {
      resources: { limits: { cpu: '1500m', memory: '1Gi' }, requests: { cpu: 0.5 } },
      securityContext: { runAsUser: 5 },
    },
    { securityContext: { runAsUser: 1, runAsGroup: 2 } },
  );
  expect(container.resources).toEqual({ cpuLimit: 1.5, memoryLimit: 2 ** 30, cpuRequest: 0.5, memoryRequest: 2 ** 30 });
  expect(container.security).toMatchObject({ runAsUser: 5, runAsGroup: 2 });
});

describe('Quantities', () => {
  test.each<[string | number, number]>([
    ['100m', 0.1],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    [2, 2],
    ['128Mi', 134_217_728],
    ['1G', 1e9],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e3', 1_000],
    ['1E3', 1_000],
    ['1E', 1e18],
    ['250u', 0.00025],
    ['-1', -1],
  ])('The quantity %s is the number %d', (quantity, expected) => {
    expect(parseQuantity(quantity)).toBe(expected);
  });

  test.each(['', 'x', '1GB', '1 G', '1Kb', '0x10', 'Infinity', '1e', '--1', '1m1', '9'.repeat(100)])(
    '"%s" is not a quantity',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  test('Every decimal number is a quantity with its own value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 999 }), (whole, thousandths) => {
        const value = Number(`${whole}.${String(thousandths).padStart(3, '0')}`);
        expect(parseQuantity(`${whole * 1_000 + thousandths}m`)).toBe(value);
        expect(parseQuantity(String(value))).toBe(value);
      }),
    );
  });
});
