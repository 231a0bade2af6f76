// The error of a kubeconfig, or of a credential it names, that cannot be used.

/**
 * The message names the field or setting and the fix. It never contains the content of a file or the output of a plugin:
 * both may be credentials.
 */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}
