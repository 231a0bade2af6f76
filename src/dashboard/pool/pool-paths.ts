// Where a pool and its tabs are.

const TABS = ['members', 'claims', 'decisions', 'yaml'] as const;
export type Tab = (typeof TABS)[number];

export const isTab = (tab: string): tab is Tab => TABS.some((known) => known === tab);

/** Without a tab: the overview of the pool. */
export const poolPath = (name: string, tab?: Tab): string =>
  ['/pools', encodeURIComponent(name), ...(tab === undefined ? [] : [tab])].join('/');

/** The pool of a page, as the path of its overview; undefined on other pages. */
export const poolPathIn = (location: string): string | undefined => /^\/pools\/[^/]+/.exec(location)?.[0];
