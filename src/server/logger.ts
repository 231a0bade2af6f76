// The log on standard error: JSON lines, or readable text on a terminal.
import { isatty } from 'node:tty';
import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { rfc3339 } from '../lib/clock.ts';

const STDERR = 2;

/** Lines are written in batches, after this time at the latest; buffered lines are written when the process ends, unless it is killed. */
const FLUSH_MS = 100;
/** Every line copies the batch that it joins: with 16 000 bytes a line took 6 µs instead of 4. */
const FLUSH_BYTES = 4_000;

/** The time as pino expects it, formatted once per millisecond: under load that is a tenth of the cost of a line. */
const timestamp = (() => {
  let formattedMs = 0;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== formattedMs) {
      formattedMs = nowMs;
      text = `,"time":"${rfc3339(nowMs)}"`;
    }
    return text;
  };
})();

/** @param fd File descriptor that the log goes to. */
export const createLogger = (level: string, fd = STDERR): Logger =>
  pino(
    { level, base: null, timestamp },
    isatty(fd)
      ? PinoPretty({ destination: fd, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss' })
      : pino.destination({ dest: fd, sync: false, minLength: FLUSH_BYTES, periodicFlush: FLUSH_MS }),
  );
