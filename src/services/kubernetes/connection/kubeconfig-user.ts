// The user of a kubeconfig: its fields, and the rules of kubectl across them.
import path from 'node:path';
import { z } from 'zod';
import {
  fileIn,
  BooleanField,
  listField,
  or,
  pemIn,
  refuseField,
  TextField,
  textIn,
  type Place,
} from './kubeconfig-fields.ts';

export type User = z.output<ReturnType<typeof userAt>>;
export type ExecConfig = NonNullable<User['exec']>;

const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'] as const;

const execAt = ({ folder, field }: Place) =>
  z
    .object({
      apiVersion: z.enum(API_VERSIONS, `must be ${API_VERSIONS.join(' or ')}`),
      command: z
        .string('must be set')
        .min(1, 'must be set')
        // A bare command is looked up in PATH; one with a slash is relative to the kubeconfig.
        .transform((command) => (command.includes('/') ? path.resolve(folder, command) : command)),
      args: listField(z.string()),
      env: listField(z.object({ name: z.string().min(1), value: z.string().default('') })),
      installHint: TextField,
      provideClusterInfo: BooleanField,
      interactiveMode: z
        .enum(['', 'Never', 'IfAvailable'], 'must be Never or IfAvailable: a service has no terminal for Always')
        .nullish(),
    })
    .transform((exec) => ({ ...exec, field: `${field}.exec` }));

/** Headers carry UTF-8 bytes, as in client-go. */
const toBytes = (text: string): string => Buffer.from(text).toString('latin1');
const Bytes = z
  .string()
  .regex(/^[^\x00-\x1f\x7f]*$/, 'must not contain control characters')
  .transform(toBytes);
const OptionalBytes = TextField.pipe(Bytes.optional());
const ExtraHeader = z.string().transform((name) => `Impersonate-Extra-${encodeURIComponent(name)}`);

/** Parsing throws KubeConfigError for fields that contradict each other. */
export const userAt = (place: Place) =>
  z
    .object({
      'client-certificate': fileIn(place, 'client-certificate'),
      'client-certificate-data': pemIn(place, 'client-certificate-data'),
      'client-key': fileIn(place, 'client-key'),
      'client-key-data': pemIn(place, 'client-key-data'),
      token: textIn(place, 'token'),
      tokenFile: fileIn(place, 'tokenFile'),
      username: TextField,
      password: TextField,
      as: OptionalBytes,
      'as-uid': OptionalBytes,
      'as-groups': listField(Bytes),
      'as-user-extra': or(z.record(ExtraHeader, z.array(Bytes)), {}),
      'auth-provider': z.object({ name: z.string() }).nullish(),
      exec: execAt(place).nullish(),
    })
    .transform(({ username, password, exec, ...fields }) => {
      const certificate = fields['client-certificate-data'] ?? fields['client-certificate'];
      const key = fields['client-key-data'] ?? fields['client-key'];
      if (certificate && !key) refuseField(place, 'client-key', 'must be set for the client certificate');
      // As in kubectl the file takes precedence over the token next to it.
      const token = fields.tokenFile ?? fields.token;
      const hasPassword = (username ?? password) !== undefined;
      if (token && hasPassword) refuseField(place, 'username', 'is set together with a token; keep one of them');
      if (fields['auth-provider'] && !token && !hasPassword)
        refuseField(place, 'auth-provider', 'is not supported. Use exec with a credential plugin of the provider');
      const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = fields;
      if (as === undefined && (uid ?? groups[0] ?? Object.keys(extra)[0]) !== undefined)
        refuseField(place, 'as', 'must be set for as-uid, as-groups and as-user-extra');
      const basic = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
      return {
        token,
        /** Value of the header Authorization where there is no token. */
        basic: hasPassword ? basic : undefined,
        pair: certificate && key && { certificate, key },
        // As in kubectl a plugin runs only where there is nothing else.
        exec: exec && !token && !hasPassword && !certificate ? exec : undefined,
        /** Headers. Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
        impersonation: {
          'Impersonate-User': as,
          'Impersonate-Uid': uid,
          'Impersonate-Group': groups,
          ...extra,
        },
      };
    });
