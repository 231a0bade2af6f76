// Configuration of containerd and of its network plugin.
import path from 'node:path';
import { IMAGE } from './image.ts';
import type { HostState } from './host-state.ts';

export const containerdConfig = (bin: string, folder: string): string => `version = 3
root = "${path.join(folder, 'containerd')}"
state = "${path.join(folder, 'containerd-state')}"
[grpc]
  address = "${path.join(folder, 'containerd.sock')}"
[plugins.'io.containerd.internal.v1.opt']
  path = "${path.join(folder, 'containerd-opt')}"
[plugins.'io.containerd.metadata.v1.bolt']
  no_sync = true
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "${IMAGE}"
[plugins.'io.containerd.cri.v1.runtime']
  # Without CAP_SYS_RESOURCE no process can lower its OOM score, and runc ends when it tries.
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["${bin}"]
  conf_dir = "${path.join(folder, 'network')}"
  use_internal_loopback = true
`;

export const networkConfig = ({ bridge, subnet }: HostState): string =>
  JSON.stringify({
    cniVersion: '1.0.0',
    name: bridge,
    plugins: [{ type: 'bridge', bridge, ipam: { type: 'host-local', ranges: [[{ subnet }]] } }],
  });
