// Runs in a browser, for the test to call.
import { useClient } from './use-client.mjs';

globalThis.useClient = useClient;
