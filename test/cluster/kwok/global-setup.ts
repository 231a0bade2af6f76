// One cluster of mode `kwok` for the test files of this folder.
import type { TestProject } from 'vitest/node';
import { setUp } from '../kit/global-setup.ts';

export default (project: TestProject): Promise<() => Promise<void>> => setUp(project, 'kwok');
