// Builds the dashboard once, if its sources have changed.
import { execFileSync } from 'node:child_process';

export const setup = (): void => {
  execFileSync(process.execPath, ['scripts/build-dashboard.mjs'], { stdio: 'inherit' });
};
