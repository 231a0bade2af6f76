// The cluster of a kubeconfig: its fields, and the rules of kubectl across them.
import { z } from 'zod';
import { fileIn, BooleanField, listField, pemIn, refuseField, TextField, type Place } from './kubeconfig-fields.ts';
import { isProxyUrl } from './proxy.ts';

/** Names are those of the kubeconfig. `server` has no trailing slash; `config` is for credential plugins. */
export type Cluster = z.output<ReturnType<typeof clusterAt>>;

/** Extension of a cluster that plugins receive. Source: Kubernetes API, client.authentication.k8s.io/v1 Cluster. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** Parsing throws KubeConfigError for fields that contradict each other. */
export const clusterAt = (place: Place) =>
  z
    .object({
      server: z
        .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
        .transform((url) => url.replace(/\/+$/, '')),
      'tls-server-name': TextField,
      'insecure-skip-tls-verify': BooleanField,
      'certificate-authority': fileIn(place, 'certificate-authority'),
      'certificate-authority-data': pemIn(place, 'certificate-authority-data'),
      'proxy-url': TextField.refine(
        (url) => url === undefined || isProxyUrl(url),
        'must be a URL with the scheme http, https or socks5, such as http://proxy.example:3128',
      ),
      'disable-compression': BooleanField,
      extensions: listField(z.object({ name: z.string(), extension: z.unknown() })),
    })
    .transform(({ 'certificate-authority': file, 'certificate-authority-data': data, extensions, ...fields }) => {
      const authority = data ?? file;
      if (authority && fields['insecure-skip-tls-verify'])
        refuseField(
          place,
          'insecure-skip-tls-verify',
          'is set together with a certificate authority; keep one of them',
        );
      const config = extensions.find(({ name }) => name === EXEC_EXTENSION)?.extension ?? null;
      return { ...fields, authority, config };
    });
