// Whether a button may act yet: one that appears under the pointer must not take the second click of a double click.
import { useEffect, useState } from 'react';

const DELAY_MS = 600;

/** False until the component has been shown for 0.6 s. */
export const useArmed = (): boolean => {
  const [isArmed, arm] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      arm(true);
    }, DELAY_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return isArmed;
};
