// Clients generated from the OpenAPI document: each is generated, compiled strictly, and run against the real server.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { hashJson } from '../../src/lib/canonical-json.ts';
import { dataFolder, start } from '../support/server-process.ts';
import { cacheFolder, DOCUMENT, findProgram, ROOT, run, workFolder } from './toolchain.ts';
import { removeFolder } from '../support/remove-folder.ts';

const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2';

/** How the generated client finds the server. */
const startServer = async () => {
  const { url, key } = await start(dataFolder());
  return { WARMPOOL_URL: url, WARMPOOL_KEY: key };
};

test('A TypeScript client of openapi-typescript compiles and works', async () => {
  const cwd = workFolder('typescript');
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(cwd, 'node_modules'));
  const program = (name: string) => path.join(ROOT, 'node_modules', '.bin', name);
  await run(program('openapi-typescript'), [DOCUMENT, '--output', 'schema.ts'], { cwd });
  await run(program('tsc'), [], { cwd });
  await run(process.execPath, ['built/drive.mjs'], { cwd, env: await startServer() });
});

test('A Python client of openapi-python-client compiles and works', async ({ skip }) => {
  const python = findProgram('python3');
  if (python === undefined) return skip('Python is not installed.');
  const cwd = workFolder('python');
  const requirements = readFileSync(path.join(cwd, 'requirements.txt'), 'utf8');
  const venv = cacheFolder(`python-${hashJson(requirements, 10)}`);
  const program = (name: string) => path.join(venv, 'bin', name);
  if (!existsSync(program('mypy'))) {
    removeFolder(venv);
    await run(python, ['-m', 'venv', venv], { cwd });
    await run(program('pip'), ['install', '--quiet', '--requirement', 'requirements.txt'], { cwd });
  }
  const generate = ['generate', '--path', DOCUMENT, '--config', 'config.yaml', '--meta', 'none'];
  await run(program('openapi-python-client'), [...generate, '--output-path', 'warmpool', '--fail-on-warning'], { cwd });
  await run(program('mypy'), ['--strict', 'drive.py', 'warmpool'], { cwd });
  await run(program('python'), ['drive.py'], { cwd, env: await startServer() });
});

test('A Go client of oapi-codegen compiles and works', async ({ skip }) => {
  const go = findProgram('go');
  if (go === undefined) return skip('Go is not installed.');
  const cwd = workFolder('go');
  await run(go, ['run', OAPI_CODEGEN, '-config', 'oapi-codegen.yaml', DOCUMENT], { cwd });
  await run(go, ['vet', './...'], { cwd });
  await run(go, ['build', '-o', 'drive', '.'], { cwd });
  await run(path.join(cwd, 'drive'), [], { cwd, env: await startServer() });
});
