// A page, tab or dialog of the dashboard over a running demo, and how a person gets there.
import type { Page } from 'playwright-core';
import type { WarmpoolClient } from '../../../../src/client/index.ts';

export type Site = {
  readonly page: Page;
  /** Goes to a path below `/ui`. */
  readonly go: (path: string) => Promise<void>;
  /** Acts as somebody else would. */
  readonly client: WarmpoolClient;
};

export type View = {
  readonly name: string;
  /** On a wide page. Resolves when the view shows what it is about. */
  readonly open: (site: Site) => Promise<void>;
  /** Takes back what `open` changed on the server. */
  readonly close?: (site: Site) => Promise<void>;
};

export const STEADY = '/pools/code-review-agents';

export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

export const untilDialog = (page: Page) => page.getByRole('dialog').last().waitFor();
