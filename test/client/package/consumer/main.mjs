// Runs on Node.js: the options are the one argument, in JSON; what was seen goes to the standard output.
import { useClient } from './use-client.mjs';

const seen = await useClient(JSON.parse(process.argv[2]));
console.log(JSON.stringify({ node: process.version, ...seen }));
