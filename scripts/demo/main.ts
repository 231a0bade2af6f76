// `npm run demo`: runs the demo until Ctrl-C.
import { Command, InvalidArgumentError } from 'commander';
import { POOLS } from './pools.ts';
import { startDemo } from './start-demo.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const integer = (max: number) => (text: string) => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new InvalidArgumentError(`It must be an integer from 0 to ${max}.`);
};

const { port, seed } = new Command('npm run demo --')
  .description('Starts a server with four pools and callers that use them. Ctrl-C removes all of it.')
  .option(
    '--port <PORT>',
    'port of the server, 0 to 65535; 0 picks a free one (default: 8080 if it is free)',
    integer(65_535),
  )
  .option('--seed <SEED>', 'demos with the same seed have the same character', integer(2 ** 31 - 1), 1)
  .parse()
  .opts<{ port?: number; seed: number }>();

const fail = (sentence: string): never => {
  console.error(`demo: ${sentence}`);
  process.exit(1);
};

const demo = startDemo({ port, seed });

let isStopping = false;
const onSignal = async () => {
  // The listeners of `exit` leave nothing, also while the demo starts.
  if (isStopping) process.exit(130);
  isStopping = true;
  console.log('Stopping the callers and the server (Ctrl-C again: at once) ...');
  await demo.then(({ stop }) => stop());
  console.log('The demo has ended; its data is removed.');
  process.exit(0);
};
for (const signal of SIGNALS) process.on(signal, () => void onSignal());

const { url, link, keyFile, failed } = await demo.catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
);
void failed.then((sentence) => {
  if (!isStopping) fail(sentence);
});

const width = Math.max(...Object.values(POOLS).map(({ name }) => name.length));
const rows = Object.values(POOLS).map(({ name, behaviour }) => `  ${name.padEnd(width)}  ${behaviour}`);
console.log(`
Four pools of simulated members, used by simulated callers:

${rows.join('\n')}

  Dashboard  ${link === undefined ? url : `${link}  (signs in once, within 10 minutes)`}
  API key    in ${keyFile}

Ctrl-C stops the demo and removes its data.
`);
