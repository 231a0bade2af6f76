import { MemorySampleStore } from '../../../src/services/history/memory-sample-store.ts';
import { describeSampleStore } from './sample-store.contract.ts';

describeSampleStore('in memory', () => new MemorySampleStore());
