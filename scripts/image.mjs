// `npm run image`: builds the container image warmpool:<version>. Arguments are passed to `docker build`:
// `npm run image -- --tag registry.example.com/warmpool:1 --build-arg BASE_IMAGE=debian:bookworm-slim`
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const args = process.argv.slice(2);
const hasTag = args.some((arg) => /^(-t|--tag(=|$))/.test(arg));
const tag = hasTag ? [] : ['--tag', `warmpool:${version}`];

const { error, status } = spawnSync('docker', ['build', ...tag, ...args, root], { stdio: 'inherit' });
if (error?.code === 'ENOENT')
  console.error('The docker command is missing. Install Docker (https://docs.docker.com/get-docker), then try again.');
else if (error) console.error(`docker cannot be run: ${error.message}`);
process.exitCode = status ?? 1;
