// Pools for tests.

export const capacity = (bufferMin = 1, bufferMax = 3, poolMin = 0, poolMax = 10) => ({
  bufferMax,
  bufferMin,
  poolMax,
  poolMin,
});

export const template = (image = 'busybox:1') => ({ spec: { containers: [{ name: 'sandbox', image }] } });

export const poolNamed = (name: string, more: object = {}) => ({
  name,
  template: template(),
  capacitySpec: capacity(0, 0),
  ...more,
});
