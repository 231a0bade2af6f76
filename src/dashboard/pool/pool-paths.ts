// Where the tabs of a pool are.

const TABS = ['members', 'claims', 'decisions', 'yaml'] as const;
export type Tab = (typeof TABS)[number];

export const isTab = (tab: string): tab is Tab => TABS.some((known) => known === tab);

/** Without a tab: the overview of the pool. */
export const poolPath = (name: string, tab?: Tab): string =>
  ['/pools', encodeURIComponent(name), ...(tab === undefined ? [] : [tab])].join('/');
