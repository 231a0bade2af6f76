// The label by which a client finds out, without parsing JSON, which change of which pool it has got: `"X-bench":"0042.0000123"`.

export const LABEL = 'X-bench';
/** Begins with a letter that is rare: so it is found fast. */
const PREFIX = Buffer.from(`${LABEL}":"`);
const POOL_DIGITS = 4;
const CHANGE_DIGITS = 7;

/** Value of the label after a change. Always as long, so that events are, too. */
export const markerOf = (pool: number, change: number): string =>
  `${String(pool).padStart(POOL_DIGITS, '0')}.${String(change).padStart(CHANGE_DIGITS, '0')}`;

/** The number of the change in a label's value. */
export const changeIn = (marker: string): number => Number(marker.slice(POOL_DIGITS + 1));

const digits = (bytes: Buffer, start: number, count: number): number => {
  let number = 0;
  for (let index = start; index < start + count; index++) number = number * 10 + (bytes[index] ?? NaN) - 48;
  return number;
};

/** Calls back for each marker in the first `end` bytes. */
export const findMarkers = (bytes: Buffer, end: number, found: (pool: number, change: number) => void): void => {
  for (let at = bytes.indexOf(PREFIX); at !== -1 && at < end; at = bytes.indexOf(PREFIX, at + 1)) {
    const start = at + PREFIX.length;
    found(digits(bytes, start, POOL_DIGITS), digits(bytes, start + POOL_DIGITS + 1, CHANGE_DIGITS));
  }
};
