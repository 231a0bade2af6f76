// One clock for all processes of this machine.

/** Milliseconds since 1970-01-01 UTC, with fractions. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
