// The order of resource versions.

/**
 * Negative when `one` is older than `other`, 0 when they are equal. Resource versions of one resource are decimal integers
 * without leading zeros, of any length. Source: Kubernetes, KEP-5504.
 */
export const compareVersions = (one: string, other: string): number =>
  one.length - other.length || Number(one > other) - Number(one < other);
