// Removal of a folder that processes of a test wrote to.
import { rmSync } from 'node:fs';

/** Removes the folder if it exists. A process that was just ended may still create a file meanwhile (ENOTEMPTY): tried again for 0.5 s. */
export const removeFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
};
