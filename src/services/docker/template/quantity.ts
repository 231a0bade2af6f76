// Kubernetes quantities: `500m`, `0.5`, `128Mi`, `1G`, `1e3`, or a JSON number.
// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

const POWERS_OF_1000: Readonly<Record<string, number>> = { n: -3, u: -2, m: -1, k: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };
const POWERS_OF_1024: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|([eE][+-]?\d+))?$/;

/** Longer texts are not quantities: the pattern stays cheap. */
const MAX_LENGTH = 64;

/** The number that a quantity stands for; undefined when it is not valid. */
export const parseQuantity = (quantity: string | number): number | undefined => {
  const text = String(quantity);
  const [, digits, suffix = '', exponent = ''] = QUANTITY.exec(text.slice(0, MAX_LENGTH + 1)) ?? [];
  if (digits === undefined || text.length > MAX_LENGTH) return undefined;
  const scale = 1024 ** (POWERS_OF_1024[suffix] ?? 0);
  // As a decimal exponent, so that 100m is exactly 0.1.
  const power = exponent === '' ? `e${3 * (POWERS_OF_1000[suffix] ?? 0)}` : exponent;
  const value = Number(`${digits}${power}`) * scale;
  return Number.isFinite(value) ? value : undefined;
};
