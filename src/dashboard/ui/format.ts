// Numbers and times as the dashboard writes them.

const NARROW_SPACE = '\u202f';

/** No separator below 10 000, as in the sentences; a narrow space above. A true minus. */
export const formatCount = (count: number): string => {
  const digits = String(Math.abs(count));
  const grouped = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) : digits;
  return count < 0 ? `−${grouped}` : grouped;
};

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  // Not `hour12: false`, which is 24:00 at midnight in some locales.
  hourCycle: 'h23',
});
const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** `12:03:41` */
export const formatClock = (ms: number): string => clock.format(ms);

/** `12:03` */
export const formatMinute = (ms: number): string => minute.format(ms);

/** `2026-11-03 09:12` */
export const formatDate = (ms: number): string => day.format(ms);

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units: `2 min 34 s`, `9 min`, `3 d 4 h`. From ten minutes on seconds are left out. */
export const formatDuration = (ms: number): string => {
  let seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds >= 600) seconds -= seconds % 60;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(seconds / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    seconds -= count * size;
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
};

/** As `formatDuration`, with tenths below a minute: `0.4 s`, `11.8 s`, `2 min 5 s`. */
export const formatSeconds = (ms: number): string =>
  ms < 59_950 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms);

/** One unit: `9 min`, `3 s`. */
export const formatAge = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
};
