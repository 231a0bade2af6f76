// Values that Kubernetes or Docker would refuse are violations at their own path.
import { describe, expect, test } from 'vitest';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';
import { reviewTemplate } from '../../../../src/services/docker/template/review-template.ts';

const review = (template: object, allowPrivileged = false) =>
  reviewTemplate(template as Record<string, unknown>, { allowPrivileged }).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

const container = (more: object = {}) => ({ name: 'a', image: 'busybox:1', ...more });
const pod = (spec: object) => ({ spec: { containers: [container()], ...spec } });
const withContainer = (more: object, spec: object = {}) => pod({ containers: [container(more)], ...spec });

const SETTING = 'is refused unless the server runs with [local.docker] allow_privileged = true';

test('A template with an image only has no violation', () => {
  expect(review(pod({}))).toEqual([]);
});

describe('A wrong value in a container', () => {
  const exec = { exec: { command: ['true'] } };
  test.each<[object, string]>([
    [
      { name: 'A b' },
      'name: must have 1 to 63 lower-case letters, digits and "-", and start and end with a letter or digit',
    ],
    [
      { image: 'Busybox' },
      'image: must be an image reference: [host[:port]/]name[:tag][@sha256:digest], the name in lower case',
    ],
    [{ imagePullPolicy: 'always' }, 'imagePullPolicy: must be Always, IfNotPresent or Never'],
    [{ command: 'sleep 1' }, 'command: must be an array'],
    [{ args: [1] }, 'args.0: must be a string'],
    [{ workingDir: 'srv' }, 'workingDir: must be an absolute path'],
    [{ env: [{ value: 'x' }] }, 'env.0.name: is required'],
    [{ env: [{ name: 'A=B' }] }, 'env.0.name: must be printable ASCII without "="'],
    [{ env: [{ name: 'A', value: 1 }] }, 'env.0.value: must be a string'],
    [{ env: [{ name: 'A', value: 'a\0b' }] }, 'env.0.value: must not contain a null character'],
    [{ ports: [{ containerPort: 0 }] }, 'ports.0.containerPort: must be an integer from 1 to 65535'],
    [{ ports: [{ containerPort: 1, protocol: 'tcp' }] }, 'ports.0.protocol: must be TCP, UDP or SCTP'],
    [
      {
        ports: [
          { containerPort: 1, name: 'x' },
          { containerPort: 2, name: 'x' },
        ],
      },
      'ports.1.name: "x" is used twice',
    ],
    [
      { ports: [{ containerPort: 1, name: '80' }] },
      'ports.0.name: must have 1 to 15 lower-case letters, digits and single "-", with at least one letter',
    ],
    [
      { resources: { limits: { memory: '1GB' } } },
      'resources.limits.memory: must be a quantity, like 0.5, 500m or 128Mi',
    ],
    [{ resources: { limits: { cpu: true } } }, 'resources.limits.cpu: must be a quantity, like 0.5, 500m or 128Mi'],
    [{ resources: { requests: { cpu: '-1' } } }, 'resources.requests.cpu: must be at least 0'],
    [{ resources: { limits: { cpu: '1m' } } }, 'resources.limits.cpu: must be at least 10m'],
    [{ resources: { limits: { memory: '5Mi' } } }, 'resources.limits.memory: must be at least 6Mi'],
    [
      { resources: { limits: { cpu: 1 }, requests: { cpu: '1100m' } } },
      'resources.requests.cpu: must not be greater than the limit',
    ],
    [{ securityContext: { runAsUser: -1 } }, 'securityContext.runAsUser: must be an integer from 0 to 2147483647'],
    [{ securityContext: { runAsGroup: 1 } }, 'securityContext: must have runAsUser, because runAsGroup is set'],
    [
      { securityContext: { readOnlyRootFilesystem: 'yes' } },
      'securityContext.readOnlyRootFilesystem: must be true or false',
    ],
    [
      { securityContext: { capabilities: { drop: ['all'] } } },
      'securityContext.capabilities.drop.0: must be the name of a capability, like NET_ADMIN',
    ],
    [{ volumeMounts: [{ name: 'x', mountPath: '/x' }] }, 'volumeMounts.0.name: the template has no volume named "x"'],
    [{ volumeMounts: [{ name: 'v', mountPath: 'x' }] }, 'volumeMounts.0.mountPath: must be an absolute path'],
    [{ volumeMounts: [{ name: 'v', mountPath: '//' }] }, 'volumeMounts.0.mountPath: must not be "/" or contain ":"'],
    [
      {
        volumeMounts: [
          { name: 'v', mountPath: '/x' },
          { name: 'v', mountPath: '/x' },
        ],
      },
      'volumeMounts.1.mountPath: "/x" is used twice',
    ],
    [{ readinessProbe: {} }, 'readinessProbe: must have exactly one of exec, tcpSocket, httpGet'],
    [
      { startupProbe: { ...exec, tcpSocket: { port: 1 } } },
      'startupProbe: must have exactly one of exec, tcpSocket, httpGet',
    ],
    [{ readinessProbe: { exec: { command: [] } } }, 'readinessProbe.exec.command: must have at least one element'],
    [
      { readinessProbe: { ...exec, timeoutSeconds: -1 } },
      'readinessProbe.timeoutSeconds: must be an integer from 1 to 2147483647',
    ],
    [
      { startupProbe: { ...exec, successThreshold: 2 } },
      'startupProbe.successThreshold: must be an integer from 1 to 1',
    ],
    [
      { readinessProbe: { tcpSocket: { port: 'web' } } },
      'readinessProbe.tcpSocket.port: the container has no port named "web"',
    ],
    [
      { readinessProbe: { httpGet: { port: 0 } } },
      'readinessProbe.httpGet.port: must be an integer from 1 to 65535 or the name of a port of the container',
    ],
    [
      { readinessProbe: { httpGet: { port: 1, scheme: 'http' } } },
      'readinessProbe.httpGet.scheme: must be HTTP or HTTPS',
    ],
    [
      { readinessProbe: { httpGet: { port: 1, path: '/a b' } } },
      'readinessProbe.httpGet.path: must be the path of a URL, percent-encoded',
    ],
    [
      { readinessProbe: { httpGet: { port: 1, httpHeaders: [{ name: 'a b', value: '' }] } } },
      'readinessProbe.httpGet.httpHeaders.0.name: must be the name of an HTTP header',
    ],
  ])('%j is refused', (more, expected) => {
    const template = withContainer(more, { volumes: [{ name: 'v' }] });
    expect(review(template)).toEqual([`spec.containers.0.${expected}`]);
    expect(() => toMemberPlan(template)).toThrow(`template.spec.containers.0.${expected}`);
  });
});

describe('A wrong value in the pod', () => {
  test.each<[object, string]>([
    [{ metadata: { labels: { a: 1 } } }, 'metadata.labels.a: must be a string'],
    [
      { metadata: { labels: { 'warmpool.dev/x': 'a' } } },
      'metadata.labels.warmpool.dev/x: keys under warmpool.dev/ are reserved',
    ],
    [{ metadata: { annotations: { '/': 'a' } } }, 'metadata.annotations./: the key must have the form [prefix/]name'],
    [
      { metadata: { labels: { a: 'b' }, annotations: { a: 'b' } } },
      'metadata.annotations.a: must not be the key of a label, too: the docker driver stores both as labels',
    ],
    [{ spec: { restartPolicy: 'no' } }, 'spec.restartPolicy: must be Always, OnFailure or Never'],
    [
      { spec: { hostname: 'A.b' } },
      'spec.hostname: must have 1 to 63 lower-case letters, digits and "-", and start and end with a letter or digit',
    ],
    [
      { spec: { terminationGracePeriodSeconds: 1.5 } },
      'spec.terminationGracePeriodSeconds: must be an integer from 0 to 2147483647',
    ],
    [{ spec: { volumes: [{ name: 'v' }, { name: 'v' }] } }, 'spec.volumes.1.name: "v" is used twice'],
    [{ spec: { initContainers: [container()] } }, 'spec.containers.0.name: the name "a" is used twice'],
    [{ spec: { hostNetwork: 'no' } }, 'spec.hostNetwork: must be true or false'],
  ])('%j is refused', ({ metadata, spec }: { metadata?: object; spec?: object }, expected) => {
    expect(review({ ...pod(spec ?? {}), ...(metadata && { metadata }) })).toEqual([expected]);
  });

  test('All violations are listed, of all containers', () => {
    const containers = [container({ livenessProbe: {} }), container({ name: 'b', tty: true, image: '' })];
    const paths = review(pod({ containers, nodeName: 'x' })).map((violation) => violation.split(':')[0]);
    expect(paths).toEqual([
      'spec.containers.0.livenessProbe',
      'spec.containers.1.image',
      'spec.containers.1.tty',
      'spec.nodeName',
    ]);
  });
});

describe('Power over the host', () => {
  const privileged = withContainer({ securityContext: { privileged: true } });
  test.each<[object, string]>([
    [privileged, 'spec.containers.0.securityContext.privileged'],
    [pod({ hostNetwork: true }), 'spec.hostNetwork'],
    [pod({ hostPID: true }), 'spec.hostPID'],
    [pod({ hostIPC: true }), 'spec.hostIPC'],
    [
      withContainer({ securityContext: { capabilities: { add: ['CHOWN', 'SYS_ADMIN'] } } }),
      'spec.containers.0.securityContext.capabilities.add.1',
    ],
  ])('%j is refused unless the setting allows it', (template, path) => {
    expect(review(template)).toEqual([`${path}: ${SETTING}`]);
    expect(review(template, true)).toEqual([]);
    expect(() => toMemberPlan(template as Record<string, unknown>)).toThrow(SETTING);
  });

  test('What is explicitly off is not refused', () => {
    expect(
      review(withContainer({ securityContext: { privileged: false } }, { hostNetwork: false, hostPID: false })),
    ).toEqual([]);
  });

  test('A privileged container must be allowed to escalate its privileges', () => {
    const securityContext = { privileged: true, allowPrivilegeEscalation: false };
    expect(review(withContainer({ securityContext }), true)).toEqual([
      'spec.containers.0.securityContext.allowPrivilegeEscalation: must not be false for a privileged container',
    ]);
  });
});
