import { useEffect, useState } from 'react';

/** The element, or the button of its menu: a menu is gone once a dialog is open. */
const openerOf = (element: Element | null): Element | null => {
  const menu = element?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return menu === undefined || menu === null ? element : document.getElementById(menu);
};

/** Gives the focus back to what had it before the component came: a dialog that is unmounted cannot do it by itself. */
export const useReturnFocus = (): void => {
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
};
