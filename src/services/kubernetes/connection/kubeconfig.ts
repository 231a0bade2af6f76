// What a connection takes from a kubeconfig: one cluster and one user, with the rules of kubectl across their fields.
import path from 'node:path';
import type { z } from 'zod';
import { KubeConfigError } from './kube-config-error.ts';
import type { ClusterFields, UserFields } from './kubeconfig-fields.ts';
import type { Value } from './value.ts';

export type KubeConfig = { readonly cluster: Cluster; readonly user: User };
export type Cluster = ReturnType<typeof toCluster>;
export type User = ReturnType<typeof toUser>;
export type ExecConfig = NonNullable<User['exec']>;

/** Where an entry is: the folder that its relative paths start at, and its place for messages, such as `users["me"].user`. */
export type Place = { readonly folder: string; readonly field: string };

const refuse = (place: Place, field: string, reason: string): never => {
  throw new KubeConfigError(`${place.field}.${field}: ${reason}.`);
};
const keepOne = (other: string): string => `is set together with ${other}; keep one of them`;

/** A value that the kubeconfig contains in `NAME-data`, or whose file it names in `NAME`. */
const valueOf = <Name extends string>(
  fields: Readonly<Partial<Record<Name | `${Name}-data`, string | undefined>>>,
  name: Name,
  place: Place,
): Value | undefined => {
  const { [name]: file, [`${name}-data` as const]: text } = fields;
  if (text !== undefined && file !== undefined) refuse(place, `${name}-data`, keepOne(name));
  if (text !== undefined) return { field: `${place.field}.${name}-data`, text };
  return file === undefined ? undefined : { field: `${place.field}.${name}`, file: path.resolve(place.folder, file) };
};

/** Extension of a cluster that plugins receive. Source: Kubernetes API, client.authentication.k8s.io/v1 Cluster. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** Throws KubeConfigError. */
export const toCluster = (fields: z.output<typeof ClusterFields>, place: Place) => {
  const { server, extensions, 'insecure-skip-tls-verify': isInsecure } = fields;
  const authority = valueOf(fields, 'certificate-authority', place);
  if (isInsecure && authority) refuse(place, 'insecure-skip-tls-verify', keepOne('a certificate authority'));
  // As in kubectl an address without a scheme is https where there are TLS settings, else http.
  const scheme = isInsecure || authority ? 'https' : 'http';
  const url = URL.parse(server?.includes('://') === false ? `${scheme}://${server}` : (server ?? ''));
  if (url === null || !/^https?:$/.test(url.protocol)) return refuse(place, 'server', 'must be an http or https URL');
  return {
    /** URL without a trailing slash. */
    server: url.href.replace(/\/+$/, ''),
    isInsecure,
    authority,
    tlsServerName: fields['tls-server-name'],
    proxyUrl: fields['proxy-url'],
    disableCompression: fields['disable-compression'],
    execConfig: extensions.find(({ name }) => name === EXEC_EXTENSION)?.extension,
  };
};

/** Throws KubeConfigError. */
export const toUser = (fields: z.output<typeof UserFields>, place: Place) => {
  const { username, password, exec } = fields;
  const certificate = valueOf(fields, 'client-certificate', place);
  const key = valueOf(fields, 'client-key', place);
  if (certificate && !key) refuse(place, 'client-key', 'must be set for the client certificate');
  const token = tokenOf(fields, place);
  const hasPassword = (username ?? password) !== undefined;
  if (token && hasPassword) refuse(place, 'username', keepOne('a token'));
  if (fields['auth-provider'] && !token && !hasPassword)
    refuse(
      place,
      'auth-provider',
      'is not supported. Use exec with a credential plugin of the provider, which can renew',
    );
  return {
    certificate,
    key,
    token,
    basic: hasPassword ? `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}` : undefined,
    // As in kubectl a plugin runs only where there is nothing else.
    exec: exec && !token && !hasPassword && !certificate ? atPlace(exec, place) : undefined,
    impersonation: impersonation(fields, place),
  };
};

/** As in kubectl the file takes precedence over the token next to it. */
const tokenOf = ({ token, tokenFile }: z.output<typeof UserFields>, { field, folder }: Place): Value | undefined => {
  if (tokenFile !== undefined) return { field: `${field}.tokenFile`, file: path.resolve(folder, tokenFile) };
  return token === undefined ? undefined : { field: `${field}.token`, text: token };
};

/** A bare command is looked up in PATH; one with a slash is relative to the kubeconfig. */
const atPlace = (exec: NonNullable<z.output<typeof UserFields>['exec']>, { folder, field }: Place) => {
  const command = exec.command.includes('/') ? path.resolve(folder, exec.command) : exec.command;
  return { ...exec, command, field: `${field}.exec` };
};

/** Headers. Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
const impersonation = (fields: z.output<typeof UserFields>, place: Place): Record<string, string[]> => {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = fields;
  if (as === undefined && (uid !== undefined || groups.length > 0 || extra.length > 0))
    refuse(place, 'as', 'must be set for as-uid, as-groups and as-user-extra');
  const headers = [
    ['User', as ?? []],
    ['Uid', uid ?? []],
    ['Group', groups],
    ...extra.map(([name, values]) => [`Extra-${escapeHeaderName(name)}`, values] as const),
  ] as const;
  const present = headers.filter(([, values]) => values.length > 0);
  return Object.fromEntries(present.map(([name, values]) => [`Impersonate-${name}`, [values].flat().map(toBytes)]));
};

/** A header carries the bytes of UTF-8, as that of client-go. */
const toBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** Percent-encodes the bytes that the name of a header cannot have, as client-go does. */
const escapeHeaderName = (name: string): string =>
  toBytes(name).replaceAll(
    /[^!#$&'*+.^_`|~\w-]/g,
    (byte) => `%${Buffer.from(byte, 'latin1').toString('hex').toUpperCase()}`,
  );
