// A node without a kubelet: kwok writes the status of its pods. https://kwok.sigs.k8s.io/docs/user/stages-configuration/
import { writeFileSync } from 'node:fs';

const NODE = 'node1';
const CAPACITY = { cpu: '100000', memory: '100Ti', pods: '20000' };
/** Addresses of the pods, which exist only in their status. Source of the network: RFC 2544. */
const PODS = '198.18.0.1/16';
const NODE_ADDRESS = '198.19.0.1';

const stage = (name: string, kind: string, matchExpressions: object[], next: object) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
});

const isDeleted = (operator: 'Exists' | 'DoesNotExist') => ({ key: '.metadata.deletionTimestamp', operator });
const isPending = { key: '.status.phase', operator: 'In', values: ['Pending'] };
const isNotReady = {
  key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
  operator: 'NotIn',
  values: ['True'],
};

/** A template of Go's text/template whose result is YAML. */
const POD_STATUS = `
phase: Running
startTime: {{ Now | Quote }}
hostIP: {{ index (NodeIPsWith .spec.nodeName) 0 | Quote }}
{{ $ips := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index $ips 0 | Quote }}
podIPs: [{ ip: {{ index $ips 0 | Quote }} }]
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- { type: {{ $type }}, status: "True", lastTransitionTime: {{ Now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  state: { running: { startedAt: {{ Now | Quote }} } }
{{ end }}
`;

const NODE_STATUS = `
phase: Running
addresses: [{ type: InternalIP, address: {{ NodeIP | Quote }} }]
conditions: [{ type: Ready, status: "True", reason: Fake, lastTransitionTime: {{ Now | Quote }} }]
`;

/** Writes the configuration of kwok to a file, and returns its arguments. */
export const kwokArguments = (kubeconfig: string, file: string): string[] => {
  const stages = [
    stage('node-ready', 'Node', [isNotReady], { statusTemplate: NODE_STATUS }),
    stage('pod-ready', 'Pod', [isDeleted('DoesNotExist'), isPending, isNotReady], { statusTemplate: POD_STATUS }),
    stage('pod-delete', 'Pod', [isDeleted('Exists')], { delete: true }),
  ];
  writeFileSync(file, stages.map((object) => `---\n${JSON.stringify(object)}\n`).join(''));
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${file}`,
    '--manage-all-nodes',
    `--cidr=${PODS}`,
    `--node-ip=${NODE_ADDRESS}`,
    '--node-lease-duration-seconds=40',
  ];
};

export const KWOK_NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE } },
  status: { allocatable: CAPACITY, capacity: CAPACITY },
};
