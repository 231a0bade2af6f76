// Which proxy leads to a server: that of the kubeconfig, else that of the environment, as in Go's net/http.
import { BlockList, isIP } from 'node:net';
import { KubeConfigError } from './kube-config-error.ts';

const SCHEMES: readonly string[] = ['http:', 'https:', 'socks5:'];

export const isProxyUrl = (url: string): boolean => SCHEMES.includes(URL.parse(url)?.protocol ?? '');

/** URL of the proxy; undefined: none. Throws KubeConfigError for a variable without a valid URL. */
export const proxyFor = ({ protocol, hostname, port }: URL, proxyUrl: string | undefined): string | undefined => {
  if (proxyUrl !== undefined) return proxyUrl;
  const variable = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = fromEnvironment(variable);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (proxy === undefined || isLoopback(host)) return undefined;
  const at = { host, port: port === '' ? (protocol === 'https:' ? '443' : '80') : port };
  if (
    fromEnvironment('NO_PROXY')
      ?.split(',')
      .some((entry) => isExempt(entry.trim().toLowerCase(), at))
  )
    return undefined;
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (isProxyUrl(url)) return url;
  throw new KubeConfigError(`${variable}: must be a URL with the scheme http, https or socks5.`);
};

const fromEnvironment = (name: string): string | undefined =>
  [process.env[name], process.env[name.toLowerCase()]].find((value) => value !== undefined && value !== '');

export const isLoopback = (host: string): boolean => /^(localhost|\[?::1\]?|127(\.\d+){3})$/.test(host);

/** One entry of NO_PROXY: `*`, an address, a range of them, or a domain; a domain contains its subdomains. */
const isExempt = (entry: string, { host, port }: { readonly host: string; readonly port: string }): boolean => {
  if (entry === '' || entry === '*') return entry === '*';
  if (entry.includes('/')) return isInRange(host, entry);
  const [, name = '', onlyPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && domain === name);
};

const isInRange = (host: string, range: string): boolean => {
  const ranges = new BlockList();
  try {
    const [network = '', bits] = range.split('/');
    ranges.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  } catch {
    return false;
  }
  return isIP(host) !== 0 && ranges.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
};
