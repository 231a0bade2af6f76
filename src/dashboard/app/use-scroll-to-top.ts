// Another page begins at its top; another tab of the same pool stays where it is.
import { useEffect } from 'react';
import { useLocation } from 'wouter';

export const useScrollToTop = (): void => {
  const [location] = useLocation();
  const page = /^\/pools\/[^/]+/.exec(location)?.[0] ?? 'overview';
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
};
