// Commands in containers. The server is real, on the loopback.
import { expect, test } from 'vitest';
import { runInContainer } from '../../../../src/services/kubernetes/pods/container-command.ts';
import { exitCode, startPodServer, SUCCESS, type Ending } from './pod-server.ts';

const POD = { metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' } };

const run = async (ending: Ending, deadlineMs = 10_000) => {
  const server = await startPodServer(POD, () => ending);
  const order = { namespace: 'n', pod: 'a', container: 'main', command: ['kill', '1'] };
  return { server, result: runInContainer(server.connection, order, AbortSignal.timeout(deadlineMs)) };
};

test('A command runs in its container with the credentials of every other call, and its exit code is returned', async () => {
  const { server, result } = await run(SUCCESS);
  expect(await result).toEqual({ end: 'exited', code: 0 });
  expect(server.commands).toEqual([
    { container: 'main', command: ['kill', '1'], authorization: 'Bearer secret', groups: 'one,two' },
  ]);
  await expect.poll(() => server.sockets.size).toBe(0);
});

test('The exit code of a command that fails is returned', async () => {
  expect(await (await run(exitCode(1))).result).toEqual({ end: 'exited', code: 1 });
});

const NOT_FOUND = 'OCI runtime exec failed: exec: "kill": executable file not found in $PATH';
test.each([
  ['exit code 127', exitCode(127)],
  ['a message of its runtime', { status: { status: 'Failure', reason: 'InternalError', message: NOT_FOUND } }],
] satisfies [string, Ending][])('A command that the image does not have is recognized by %s', async (_by, ending) => {
  expect(await (await run(ending)).result).toEqual({ end: 'missing' });
});

test('A command whose connection ends before its exit code has an unknown end', async () => {
  expect(await (await run('hang-up')).result).toEqual({ end: 'unknown' });
});

test('A missing permission is an error that names it', async () => {
  const message = 'pods "a" is forbidden: User "warmpool" cannot create resource "pods/exec" in API group ""';
  const { result } = await run({ refusal: 403, message });
  await expect(result).rejects.toMatchObject({
    code: 'KUBERNETES::FORBIDDEN',
    message: 'User "warmpool" cannot create resource "pods/exec" in API group ""',
  });
});

test('A command that never responds ends at its deadline, and its socket is closed', async () => {
  const { server, result } = await run('silent', 200);
  await expect(result).rejects.toMatchObject({ code: 'KUBERNETES::TIMEOUT' });
  await expect.poll(() => server.sockets.size).toBe(0);
});
