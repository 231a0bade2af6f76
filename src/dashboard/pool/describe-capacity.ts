import type { Capacity } from './capacity-bar-geometry.ts';

/** What the capacity bar shows, in words: for those who do not see it. Kinds without members are left out. */
export const describeCapacity = (capacity: Capacity): string => {
  const { allocated, available, bufferMin, bufferMax, poolMax, ...rest } = capacity;
  const parts = [`${allocated} allocated`, `${available} available`];
  for (const kind of ['starting', 'failed', 'terminating'] as const)
    if (rest[kind]) parts.push(`${rest[kind]} ${kind}`);
  if (rest.waiting) parts.push(`${rest.waiting} waiting`);
  return `${parts.join(', ')}; buffer ${bufferMin} to ${bufferMax}; poolMax ${poolMax}`;
};
