// Configuration of the kubelet. https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
import path from 'node:path';
import type { HostState } from './host-state.ts';

export const kubeletConfig = ({ address, cgroup }: HostState, folder: string, port: number): string =>
  JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    port,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: path.join(folder, 'kubelet-ca.crt') },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${path.join(folder, 'containerd.sock')}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    // CI machines may still have version 1.
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    maxPods: 200,
    podLogsDir: path.join(folder, 'pod-logs'),
    volumePluginDir: path.join(folder, 'volume-plugins'),
    // The image exists only here: deleted, it could not be pulled.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  });
