// The fields of a kubeconfig, each on its own. Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { z } from 'zod';
import { isProxyUrl } from './proxy.ts';

/** For kubectl null is absent, and so is the empty string. */
const or = <Value, Absent>(schema: z.ZodType<Value>, absent: Absent) =>
  schema.nullish().transform((value) => value ?? absent);
export const Text = or(z.string(), undefined).transform((text) => (text === '' ? undefined : text));
const Flag = or(z.boolean(), false);
export const list = <Item>(item: z.ZodType<Item>) => or<Item[], Item[]>(z.array(item), []);

const PEM = '-----BEGIN ';
const Pem = Text.refine(
  (text) => text?.includes(PEM) !== true,
  'contains PEM text, but must be its base64 encoding (base64 -w0 FILE); a path belongs in the field without "-data"',
)
  .transform((text) => (text === undefined ? undefined : Buffer.from(text, 'base64').toString()))
  .refine((text) => text === undefined || text.includes(PEM), 'must be the base64 encoding of a PEM file');

export const ClusterFields = z.object({
  server: Text,
  'tls-server-name': Text,
  'insecure-skip-tls-verify': Flag,
  'certificate-authority': Text,
  'certificate-authority-data': Pem,
  'proxy-url': Text.refine(
    (url) => url === undefined || isProxyUrl(url),
    'must be a URL with the scheme http, https or socks5, such as http://proxy.example:3128',
  ),
  'disable-compression': Flag,
  extensions: list(z.object({ name: z.string(), extension: z.unknown() })),
});

const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'] as const;

const ExecFields = z.object({
  apiVersion: z.enum(API_VERSIONS, `must be ${API_VERSIONS.join(' or ')}`),
  command: z.string('must be set').min(1, 'must be set'),
  args: list(z.string()),
  env: list(z.object({ name: z.string().min(1), value: z.string().default('') })),
  installHint: Text,
  provideClusterInfo: Flag,
  interactiveMode: z
    .enum(['', 'Never', 'IfAvailable'], 'must be Never or IfAvailable: a service has no terminal for Always')
    .nullish(),
});

export const UserFields = z.object({
  'client-certificate': Text,
  'client-certificate-data': Pem,
  'client-key': Text,
  'client-key-data': Pem,
  token: Text,
  tokenFile: Text,
  username: Text,
  password: Text,
  as: Text,
  'as-uid': Text,
  'as-groups': list(z.string()),
  'as-user-extra': or(z.record(z.string(), z.array(z.string())), {}).transform((extra) => Object.entries(extra)),
  'auth-provider': z.object({ name: z.string() }).nullish(),
  exec: ExecFields.nullish(),
});

export const ContextFields = z.object({ cluster: Text, user: Text, namespace: Text });
