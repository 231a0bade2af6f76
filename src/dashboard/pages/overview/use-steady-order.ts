import { useMemo, useState, type FocusEvent } from 'react';
import { isSameOrder, keepOrder } from './steady-order.ts';

/** Whether the pointer or the keyboard is in an element, and the handlers that it needs. */
export const useHold = () => {
  const [hasPointer, setHasPointer] = useState(false);
  const [focused, setFocused] = useState<Element>();
  const handlers = useMemo(
    () => ({
      onPointerEnter: () => {
        setHasPointer(true);
      },
      onPointerLeave: () => {
        setHasPointer(false);
      },
      onFocus: ({ target }: FocusEvent) => {
        // A click focuses too, and would hold the rows long after the pointer has left.
        setFocused(target.matches(':focus-visible') ? target : undefined);
      },
      onBlur: () => {
        setFocused(undefined);
      },
    }),
    [],
  );
  // A row that is removed with the focus in it causes no blur.
  return { isHeld: hasPointer || focused?.isConnected === true, handlers };
};

type SteadyOrderOptions = {
  readonly isHeld: boolean;
  /** When it changes, somebody asked for another order: it is shown at once. */
  readonly request: unknown;
  readonly exists: (name: string) => boolean;
};

/** `next`, or the order that is shown while it is held. Returns the same array while the order is the same. */
export const useSteadyOrder = (next: readonly string[], { isHeld, request, exists }: SteadyOrderOptions) => {
  const [shown, setShown] = useState({ names: next, request });
  const mayKeep = isHeld && Object.is(shown.request, request);
  const names = mayKeep ? keepOrder(shown.names, next, exists) : next;
  const isSame = isSameOrder(names, shown.names);
  if (!isSame || !Object.is(shown.request, request)) setShown({ names, request });
  return isSame ? shown.names : names;
};
