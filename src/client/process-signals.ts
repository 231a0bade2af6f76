// Work to finish before SIGINT or SIGTERM ends the process. In a browser there is none.

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const tasks = new Set<() => Promise<void>>();
let isRunning = false;

/** Whether the process has received SIGINT or SIGTERM, and the tasks have not ended. */
export const isEnding = (): boolean => isRunning;

/**
 * Runs `task` if the process receives SIGINT or SIGTERM. After all tasks the process ends as the signal would have ended
 * it, unless the application handles the signal itself. A second signal ends it at once. Returns a function that removes
 * the task.
 */
export const beforeExit = (task: () => Promise<void>): (() => void) => {
  if (typeof process === 'undefined') return () => undefined;
  if (tasks.size === 0) for (const signal of SIGNALS) process.once(signal, onSignal);
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal);
  };
};

const onSignal = (signal: NodeJS.Signals): void => {
  isRunning = true;
  // Tasks do not reject.
  void Promise.all([...tasks].map((task) => task())).then(() => {
    // Another listener is the application's: it has received the signal, and decides how the process ends. This module's
    // own is there again if a task was added meanwhile.
    if (process.listeners(signal).every((listener) => listener === onSignal)) process.kill(process.pid, signal);
    else isRunning = false;
  });
};
