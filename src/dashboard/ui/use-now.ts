// The time, once a second for the whole page: ages and countdowns change together, and no component has its own timer.
import { useEffect } from 'react';
import { Store, useStore } from '../api/store.ts';

const now = new Store(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Epoch milliseconds, renewed every `stepMs`, which are whole seconds; every second by default. */
export const useNow = (stepMs = 1): number => {
  useEffect(() => {
    users += 1;
    timer ??= setInterval(() => {
      now.set(Date.now());
    }, 1_000);
    return () => {
      users -= 1;
      if (users > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return useStore(now, (ms) => ms - (ms % stepMs));
};
