// The four pools of the demo. Each is in another state: steady, bursty, at its limit, and unable to start members.
import type { CreatePool, PatchPool } from '../../src/client/index.ts';

type DemoPool = CreatePool & {
  /** How it behaves, for people. */
  readonly behaviour: string;
};

const REGISTRY = 'registry.example.com';

const labels = (team: string, env: 'prod' | 'staging') => ({ team, env });

const startsIn = (seconds: number) => ({
  annotations: { 'simulated.warmpool.dev/start-seconds': String(seconds) },
});

const resources = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { memory } });

const httpProbe = (path: string, port: number | string) => ({ httpGet: { path, port }, periodSeconds: 2 });

const logShipper = {
  name: 'log-shipper',
  image: `${REGISTRY}/platform/log-shipper:1.9.2`,
  env: [{ name: 'SINK', value: 'https://logs.example.com' }],
  resources: resources('50m', '64Mi'),
  volumeMounts: [{ name: 'logs', mountPath: '/var/log/sandbox', readOnly: true }],
};

const STEADY: DemoPool = {
  name: 'code-review-agents',
  behaviour: 'steady: a few agents review pull requests, and a member is always ready for the next one',
  labels: labels('devtools', 'prod'),
  capacitySpec: { bufferMin: 4, bufferMax: 8, poolMin: 4, poolMax: 24 },
  scaleStrategy: { maxUnavailable: '50%' },
  template: {
    metadata: startsIn(1.5),
    spec: {
      containers: [
        {
          name: 'agent',
          image: `${REGISTRY}/agents/code-review:3.8.1`,
          command: ['/usr/bin/agent', 'serve', '--port=8443'],
          env: [{ name: 'WORKSPACE', value: '/workspace' }],
          ports: [{ name: 'https', containerPort: 8443 }],
          readinessProbe: httpProbe('/ready', 'https'),
          resources: resources('500m', '1Gi'),
          securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'workspace', mountPath: '/workspace' },
            { name: 'logs', mountPath: '/var/log/sandbox' },
          ],
        },
        logShipper,
      ],
      volumes: [
        { name: 'workspace', emptyDir: {} },
        { name: 'logs', emptyDir: {} },
      ],
      terminationGracePeriodSeconds: 5,
    },
  },
};

const BURSTY: DemoPool = {
  name: 'ci-linux',
  behaviour: 'bursty: a wave of CI jobs about every two minutes, more of them than members are ready',
  labels: labels('build', 'prod'),
  capacitySpec: { bufferMin: 6, bufferMax: 16, poolMin: 6, poolMax: 48 },
  scaleStrategy: { maxUnavailable: '50%' },
  recycleStrategy: { type: 'Restart' },
  template: {
    metadata: startsIn(3),
    spec: {
      initContainers: [
        {
          name: 'restore-cache',
          image: `${REGISTRY}/ci/cache:2.4.0`,
          args: ['restore', '--to=/cache'],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      containers: [
        {
          name: 'runner',
          image: `${REGISTRY}/ci/runner-linux:24.04-7`,
          args: ['--once', '--work-dir=/work'],
          env: [{ name: 'CACHE_DIR', value: '/cache' }],
          resources: resources('2', '4Gi'),
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      volumes: [{ name: 'cache', emptyDir: {} }],
      restartPolicy: 'Never',
    },
  },
};

const AT_ITS_LIMIT: DemoPool = {
  name: 'checkout-agents',
  behaviour: 'at its limit: more callers than poolMax allows members, so that it is exhausted and callers wait',
  labels: labels('payments', 'prod'),
  capacitySpec: { bufferMin: 3, bufferMax: 6, poolMin: 0, poolMax: 12 },
  scaleStrategy: { maxUnavailable: '100%' },
  template: {
    metadata: startsIn(2),
    spec: {
      containers: [
        {
          name: 'browser',
          image: `${REGISTRY}/agents/checkout-browser:141.0.2`,
          ports: [{ name: 'devtools', containerPort: 9222 }],
          startupProbe: httpProbe('/json/version', 'devtools'),
          resources: resources('1', '2Gi'),
          volumeMounts: [{ name: 'profile', mountPath: '/profile' }],
        },
        {
          name: 'egress-proxy',
          image: `${REGISTRY}/platform/egress-proxy:5.2.0`,
          args: ['--allow=shop.example.com,pay.example.com'],
          resources: resources('100m', '128Mi'),
        },
      ],
      volumes: [{ name: 'profile', emptyDir: {} }],
    },
  },
};

const notebook = (tag: string) => ({
  name: 'notebook',
  image: `${REGISTRY}/ml/notebook:${tag}`,
  args: ['--ip=0.0.0.0', '--no-browser'],
  env: [{ name: 'JUPYTER_ENABLE_LAB', value: 'yes' }],
  ports: [{ name: 'http', containerPort: 8888 }],
  readinessProbe: httpProbe('/api/status', 'http'),
  resources: resources('2', '8Gi'),
  volumeMounts: [{ name: 'home', mountPath: '/home/jovyan' }],
});

const FAILING: DemoPool = {
  name: 'ml-notebooks',
  behaviour: 'failing: a new template, soon after the start, has an image that cannot be pulled',
  labels: labels('ml', 'staging'),
  capacitySpec: { bufferMin: 4, bufferMax: 6, poolMin: 4, poolMax: 20 },
  scaleStrategy: { maxUnavailable: '100%' },
  template: {
    metadata: startsIn(1),
    spec: {
      containers: [notebook('2.3.4')],
      volumes: [{ name: 'home', emptyDir: {} }],
      securityContext: { runAsUser: 1000, runAsGroup: 100 },
    },
  },
};

export const POOLS = { steady: STEADY, bursty: BURSTY, atItsLimit: AT_ITS_LIMIT, failing: FAILING };

const BROKEN = notebook('2.4.0-cuda13');

/** The change after which the failing pool starts no members. */
export const BREAKING_CHANGE: PatchPool = {
  template: {
    metadata: { annotations: { 'simulated.warmpool.dev/missing-image': BROKEN.image } },
    spec: { containers: [BROKEN] },
  },
};
