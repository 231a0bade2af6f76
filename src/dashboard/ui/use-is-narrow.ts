import { useMediaQuery } from '@mantine/hooks';

/** Whether rows are blocks: the width at which styles/narrow.css begins. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
