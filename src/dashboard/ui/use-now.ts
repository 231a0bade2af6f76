// The time, once a second for the whole page: ages and countdowns change together, and no component has its own timer.
import { useEffect } from 'react';
import { Store, useStore } from '../api/store.ts';

const now = new Store(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

const tick = (): void => {
  now.set(Date.now());
};

/** Nobody has renewed the time since the last user left. */
const start = () => {
  tick();
  return setInterval(tick, 1_000);
};

/** Epoch milliseconds, renewed every `stepMs`, which are whole seconds; every second by default. */
export const useNow = (stepMs = 1_000): number => {
  useEffect(() => {
    users += 1;
    timer ??= start();
    return () => {
      users -= 1;
      if (users > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return useStore(now, (ms) => ms - (ms % stepMs));
};
