import { startTestServer } from '../../support/test-server.ts';
import { describeCompatibility } from './compatible.conformance.ts';

describeCompatibility(startTestServer);
