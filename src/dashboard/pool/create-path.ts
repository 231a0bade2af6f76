// Where the dialog is opened: over the overview, which keeps its filters.
import { useLocation, useSearch } from 'wouter';

/** `search` without its question mark. What another page has in its URL is not of the overview. */
export const createPath = (location: string, search: string): string =>
  search === '' || (location !== '/' && location !== '/create') ? '/create' : `/create?${search}`;

export const useCreatePath = (): string => createPath(useLocation()[0], useSearch());
