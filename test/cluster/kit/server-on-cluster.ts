// A Warmpool server in this process, on a test cluster.
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { ClusterAccess, User } from './cluster-access.ts';

type Options = {
  /** Default: a new one, with the shipped Role. */
  namespace?: string;
  /** Account of the server. Default: the one with the shipped Role. */
  user?: User;
  /** Another address of the API server, such as a proxy. */
  server?: string;
  /** Who starts and stops the pods of the pools. Default: another controller. */
  controller?: 'opensandbox' | 'warmpool';
};

export const startServerOn = async (access: ClusterAccess, options: Options = {}) => {
  const {
    namespace = await access.createNamespace(),
    user = 'warmpool',
    server = access.url,
    controller = 'opensandbox',
  } = options;
  const kubeconfigPath = access.kubeconfig(user, { namespace, server });
  const started: TestServer = await startTestServer({
    config: (config) => ({
      ...config,
      runtime: 'kubernetes',
      kubernetes: { ...config.kubernetes, controller, kubeconfigPaths: [kubeconfigPath] },
    }),
  });
  return { ...started, namespace };
};
