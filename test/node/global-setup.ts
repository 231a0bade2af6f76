// One cluster of mode `node` for the test files of this folder.
import type { TestProject } from 'vitest/node';
import { setUp } from '../cluster/kit/global-setup.ts';

export default (project: TestProject): Promise<() => Promise<void>> => setUp(project, 'node');
