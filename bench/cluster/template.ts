// The pods of the benchmark, of pools and of the bare client.
export const TEMPLATE = { spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] } };
