// The objects of a resource that a label selector matches, for a Reflector.
import type { ResourceClient } from './resource-client.ts';

export const selected = <T>(
  client: ResourceClient<T>,
  labelSelector: string,
): Pick<ResourceClient<T>, 'list' | 'watch' | 'checkNamespace'> => ({
  list: (options, signal) => client.list({ ...options, labelSelector }, signal),
  watch: (resourceVersion, seconds, signal) => client.watch(resourceVersion, seconds, signal, labelSelector),
  checkNamespace: (signal) => client.checkNamespace(signal),
});
