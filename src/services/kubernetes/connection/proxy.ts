// Selects the proxy for a server: from the kubeconfig, else from the environment, as in Go's net/http.
import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { KubeConfigError } from './kubeconfig-fields.ts';

export const isProxyUrl = (url: string): boolean => /^(https?|socks5):$/.test(URL.parse(url)?.protocol ?? '');

/** Options of undici's EnvHttpProxyAgent: both proxies are the same, because a cluster has one server. Empty: no proxy. */
export type ProxyOptions = ReturnType<typeof via>;
const via = (proxy: string, noProxy = '') => ({ httpProxy: proxy, httpsProxy: proxy, noProxy });

/** Throws KubeConfigError for a variable that is not the URL of a proxy. */
export const proxyOptions = ({ protocol, hostname }: URL, proxyUrl: string | undefined): ProxyOptions => {
  if (proxyUrl !== undefined) return via(proxyUrl);
  const variable = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = fromEnvironment(variable);
  const noProxy = fromEnvironment('NO_PROXY');
  const host = hostname.replace(/^\[|\]$/g, '');
  if (value === '' || isLoopback(host) || isInRange(host, noProxy)) return via('');
  const proxy = value.includes('://') ? value : `http://${value}`;
  if (isProxyUrl(proxy)) return via(proxy, noProxy);
  throw new KubeConfigError(`${variable}: must be a URL with the scheme http, https or socks5.`);
};

const fromEnvironment = (name: string): string =>
  [process.env[name], process.env[name.toLowerCase()]].find(Boolean) ?? '';

export const isLoopback = (host: string): boolean => /^(localhost|\[?::1\]?|127(\.\d+){3})$/.test(host);

/** Whether NO_PROXY contains a range of addresses, such as 10.0.0.0/8, with this one: undici does not support ranges. */
const isInRange = (host: string, noProxy: string): boolean => {
  const family = isIPv6(host) ? 'ipv6' : 'ipv4';
  const Range = isIPv6(host) ? z.cidrv6() : z.cidrv4();
  const ranges = new BlockList();
  for (const range of noProxy.split(/[,\s]/).filter((entry) => Range.safeParse(entry).success)) {
    const [network = '', bits] = range.split('/');
    ranges.addSubnet(network, Number(bits), family);
  }
  return isIP(host) !== 0 && ranges.check(host, family);
};
