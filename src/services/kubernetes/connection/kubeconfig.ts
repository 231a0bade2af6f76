// What a connection takes from a kubeconfig: the fields of one cluster and one user, with the rules across them of kubectl.
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

/** Reports one field that cannot be used. */
const refuse = (place: Place, field: string, reason: string): never => {
  throw new KubeConfigError(`${place.field}.${field}: ${reason}.`);
};

/** A value of which the kubeconfig has the text, or names the file. */
const valueOf = (place: Place, name: string, text: string | undefined, file: string | undefined): Value | undefined => {
  if (text !== undefined && file !== undefined)
    refuse(place, `${name}-data`, `is set together with ${name}; keep one of them`);
  if (text !== undefined) return { field: `${place.field}.${name}-data`, text };
  return file === undefined ? undefined : { field: `${place.field}.${name}`, file: path.resolve(place.folder, file) };
};

/** Extension of a cluster that plugins receive. Source: Kubernetes API, client.authentication.k8s.io/v1 Cluster. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** Throws KubeConfigError. */
export const toCluster = (fields: z.output<typeof ClusterFields>, place: Place) => {
  const { server = '', extensions, 'insecure-skip-tls-verify': isInsecure } = fields;
  const authority = valueOf(
    place,
    'certificate-authority',
    fields['certificate-authority-data'],
    fields['certificate-authority'],
  );
  if (isInsecure && authority)
    refuse(place, 'insecure-skip-tls-verify', 'is set together with a certificate authority; keep one of them');
  // As in kubectl an address without a scheme is https where there are TLS settings, else http.
  const scheme = isInsecure || authority ? 'https' : 'http';
  const url = URL.parse(server.includes('://') ? server : `${scheme}://${server}`);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    return refuse(place, 'server', 'must be an http or https URL');
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
  const { token, tokenFile, username, password, exec } = fields;
  const certificate = valueOf(
    place,
    'client-certificate',
    fields['client-certificate-data'],
    fields['client-certificate'],
  );
  const key = valueOf(place, 'client-key', fields['client-key-data'], fields['client-key']);
  if (certificate && !key) refuse(place, 'client-key', 'must be set for the client certificate');
  const hasToken = (token ?? tokenFile) !== undefined;
  const hasPassword = (username ?? password) !== undefined;
  if (hasToken && hasPassword) refuse(place, 'username', 'is set together with a token; keep one of them');
  if (fields['auth-provider'] && !hasToken && !hasPassword)
    refuse(
      place,
      'auth-provider',
      'is not supported: its tokens cannot be renewed. Use exec with a credential plugin of the provider',
    );
  return {
    certificate: certificate && key && { certificate, key },
    token: tokenOf(fields, place),
    basic: hasPassword ? Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64') : undefined,
    // As in kubectl a plugin runs only where there is nothing else.
    exec:
      exec && !hasToken && !hasPassword && !certificate
        ? {
            ...exec,
            field: `${place.field}.exec`,
            // A bare name is looked up in PATH.
            command: exec.command.includes('/') ? path.resolve(place.folder, exec.command) : exec.command,
          }
        : undefined,
    impersonation: impersonation(fields, place),
  };
};

/** As in kubectl the file takes precedence over the token next to it. */
const tokenOf = ({ token, tokenFile }: z.output<typeof UserFields>, { field, folder }: Place): Value | undefined => {
  if (tokenFile !== undefined) return { field: `${field}.tokenFile`, file: path.resolve(folder, tokenFile) };
  return token === undefined ? undefined : { field: `${field}.token`, text: token };
};

/** Headers. Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
const impersonation = (fields: z.output<typeof UserFields>, place: Place): Record<string, string | string[]> => {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = fields;
  if (as === undefined && (uid !== undefined || groups.length > 0 || extra.length > 0))
    refuse(place, 'as', 'must be set for as-uid, as-groups and as-user-extra');
  return {
    ...(as && { 'Impersonate-User': as }),
    ...(uid && { 'Impersonate-Uid': uid }),
    ...(groups.length > 0 && { 'Impersonate-Group': groups }),
    ...Object.fromEntries(extra.map(([name, values]) => [`Impersonate-Extra-${escapeHeaderName(name)}`, values])),
  };
};

/** Percent-encodes the bytes that the name of a header cannot have, as client-go does. */
const escapeHeaderName = (name: string): string =>
  Buffer.from(name)
    .toString('latin1')
    .replaceAll(/[^!#$&'*+.^_`|~\w-]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
