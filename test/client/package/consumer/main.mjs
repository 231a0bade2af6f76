// Runs on Node.js: the argument is the options in JSON; the result goes to standard output.
import { useClient } from './use-client.mjs';

const seen = await useClient(JSON.parse(process.argv[2]));
console.log(JSON.stringify({ node: process.version, ...seen }));
