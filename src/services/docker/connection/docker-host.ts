// Where the Docker daemon listens: the address as it is configured, and as dockerode takes it.
import type { DockerOptions } from 'dockerode';
import { StartupError } from '../../startup-error.ts';

/** The port on which Docker listens with TLS, by convention. */
const TLS_PORT = '2376';

const FORMS = 'unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or https://docker.example:2376';

/** Options that dockerode would otherwise read from DOCKER_HOST. Throws StartupError when `host` is not a valid address. */
export const dockerAddress = (host: string): Pick<DockerOptions, 'socketPath' | 'host' | 'port' | 'protocol'> => {
  const socketPath = host.startsWith('/') ? host : /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (socketPath !== undefined) return { socketPath, host: undefined, port: undefined, protocol: 'http' };
  const url = URL.parse(host.replace(/^tcp:/, 'http:'));
  if (url === null || !/^(tcp|https?):\/\//.test(host) || url.hostname === '')
    throw new StartupError(`"${host}" is not the address of a Docker daemon. Write it as ${FORMS}.`);
  const isTls = url.protocol === 'https:' || url.port === TLS_PORT;
  const port = url.port === '' ? (isTls ? TLS_PORT : '2375') : url.port;
  return { socketPath: undefined, host: url.hostname, port, protocol: isTls ? 'https' : 'http' };
};
