// Attempts of an exec probe: a command in the container.
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { Clock } from '../../../lib/clock.ts';
import type { Attempt } from './attempt.ts';

/** Maximum length of the output in a message, in characters. */
const OUTPUT_MAX_LENGTH = 200;

/** How often a command is looked at whose output has ended while it runs. */
const POLL_MS = 50;

type ExecOptions = {
  readonly docker: Docker;
  readonly clock: Clock;
  readonly containerId: string;
  readonly command: readonly string[];
};

/**
 * Succeeds if the command exits with 0. Docker cannot stop a command: while one that timed out is still running, attempts
 * fail without starting another.
 */
export const execAttempt = ({ docker, clock, containerId, command }: ExecOptions): Attempt => {
  let unfinished: Docker.Exec | undefined;
  return async (signal) => {
    const earlier = await unfinished?.inspect({ abortSignal: signal }).catch(() => undefined);
    if (earlier?.Running) throw new Error('the command of an earlier attempt is still running');
    unfinished = await docker.getContainer(containerId).exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: signal,
    });
    const output = await outputOf(docker, await unfinished.start({ abortSignal: signal }));
    const exitCode = await exitCodeOf(unfinished, clock, signal);
    unfinished = undefined;
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}${output === '' ? '' : `: ${output}`}`);
  };
};

/** Reads the whole output and returns its beginning. */
const outputOf = async (docker: Docker, stream: NodeJS.ReadableStream): Promise<string> => {
  let text = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (text.length < OUTPUT_MAX_LENGTH) text += chunk.toString();
      done();
    },
  });
  // The stream has both outputs in frames.
  const modem = docker.modem as { demuxStream(stream: NodeJS.ReadableStream, out: Writable, err: Writable): void };
  modem.demuxStream(stream, sink, sink);
  await finished(stream);
  return text.slice(0, OUTPUT_MAX_LENGTH).trim();
};

/** A command may close its output before it exits, and the daemon may notice its end a moment later. */
const exitCodeOf = async (exec: Docker.Exec, clock: Clock, signal: AbortSignal): Promise<number> => {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect({ abortSignal: signal });
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
    signal.throwIfAborted();
  }
};
