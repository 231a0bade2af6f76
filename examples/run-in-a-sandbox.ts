// Claims a member of a pool with the typed client, runs a command in it, and releases it, also on Ctrl-C.
// Start a server and create a pool as README.md does: "agents", or "python" with Docker. Then, in another terminal:
//   npm run -s build:client
//   npx node examples/run-in-a-sandbox.ts agents
//   npx node examples/run-in-a-sandbox.ts python python -c 'print(6 * 7)'
// For another server, set WARMPOOL_URL, and WARMPOOL_DATA_DIR or OPENSANDBOX_SERVER_API_KEY.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createWarmpoolClient, WarmpoolClientError } from 'warmpool-client';

const url = process.env.WARMPOOL_URL ?? 'http://127.0.0.1:8080';
const dataDir = process.env.WARMPOOL_DATA_DIR ?? path.join(homedir(), '.warmpool');
const apiKey = process.env.OPENSANDBOX_SERVER_API_KEY ?? readFileSync(path.join(dataDir, 'api-key'), 'utf8').trim();
const [pool = 'agents', ...given] = process.argv.slice(2);
const command = given.length > 0 ? given : ['hostname'];

const WAIT_SECONDS = 30;

const client = createWarmpoolClient({ url, apiKey });

/** A member of the docker driver is a container with the member's name; a simulated member is not. */
const isContainer = (member: string): boolean =>
  spawnSync('docker', ['container', 'inspect', member], { stdio: 'ignore' }).status === 0;

/** Runs the command in the container and returns its exit code. Rejects with the reason of the signal if that aborts. */
const run = async (container: string, signal: AbortSignal): Promise<number> => {
  const child = spawn('docker', ['exec', container, ...command], { stdio: 'inherit' });
  // Ends `docker exec` only: what runs in the container ends with the container.
  signal.addEventListener('abort', () => child.kill());
  await once(child, 'close');
  signal.throwIfAborted();
  return child.exitCode ?? 1;
};

// `once`: without a listener of the application, the client ends the process when it has released the claim.
process.once('SIGINT', () => {
  console.log('interrupted: releasing the claim (Ctrl-C again to end at once)');
});

console.log(`waiting up to ${WAIT_SECONDS} s for a member of pool "${pool}"`);
try {
  process.exitCode = await client.withClaim(
    pool,
    async ({ id, member, launch }, { signal }) => {
      console.log(`claim ${id}: member ${member.name} (${launch})`);
      if (isContainer(member.name)) return run(member.name, signal);
      console.log('The member is not a container on this machine: there is nothing to run the command in.');
      return 0;
    },
    // Short, because the claim is renewed while the command runs: a member is free again soon after a crash.
    { ttlSeconds: 60, waitSeconds: WAIT_SECONDS },
  );
  console.log('released');
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof WarmpoolClientError ? `${error.code}: ${error.message}` : error.message);
  process.exitCode = 1;
}
