// The log on standard error: JSON lines, or readable text on a terminal.
import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';

const STDERR = 2;

export const createLogger = (level: string): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    process.stderr.isTTY
      ? PinoPretty({ destination: STDERR, sync: true, translateTime: 'SYS:HH:MM:ss' })
      : pino.destination({ dest: STDERR, sync: true }),
  );
