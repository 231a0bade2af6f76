// The label that identifies a change and its pool without parsing JSON: `"X-bench":"0042.0000123"`.

export const LABEL = 'X-bench';
/** Starts with a rare letter, which makes the search fast. */
const PREFIX = Buffer.from(`${LABEL}":"`);
const POOL_DIGITS = 4;
const CHANGE_DIGITS = 7;

/** Value of the label after a change. Its length is fixed, and so is that of the events. */
export const markerOf = (pool: number, change: number): string =>
  `${String(pool).padStart(POOL_DIGITS, '0')}.${String(change).padStart(CHANGE_DIGITS, '0')}`;

/** The number of the change in a label's value. */
export const changeIn = (marker: string): number => Number(marker.slice(POOL_DIGITS + 1));

const digits = (bytes: Buffer, start: number, count: number): number => {
  let number = 0;
  for (let index = start; index < start + count; index++) number = number * 10 + (bytes[index] ?? NaN) - 48;
  return number;
};

/** Calls `found` for each marker in the first `end` bytes. */
export const findMarkers = (bytes: Buffer, end: number, found: (pool: number, change: number) => void): void => {
  for (let at = bytes.indexOf(PREFIX); at !== -1 && at < end; at = bytes.indexOf(PREFIX, at + 1)) {
    const start = at + PREFIX.length;
    found(digits(bytes, start, POOL_DIGITS), digits(bytes, start + POOL_DIGITS + 1, CHANGE_DIGITS));
  }
};
