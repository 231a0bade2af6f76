import { describe, expect, test } from 'vitest';
import { formatView, parseView, withoutFilters } from '../../../src/dashboard/pages/overview/view.ts';

const parse = (search: string) => parseView(new URLSearchParams(search));

describe('The view in the URL', () => {
  test('A URL without parameters shows every pool, the most urgent first.', () => {
    expect(parse('')).toEqual({ text: '', group: 'all', labels: new Map(), sort: 'state', isReversed: false });
  });

  test.each([
    '',
    'q=agents',
    'state=failing',
    'label=env+in+%28ci%2Cprod%29%2Cteam%3Dml',
    'sort=-claims',
    'sort=-state',
  ])('The view of "%s" has the same URL again.', (search) => {
    expect(formatView(parse(search)).toString()).toBe(search);
  });

  test('Values that are not known are ignored.', () => {
    expect(parse('state=broken&sort=-size&label=((')).toEqual(parse(''));
  });

  test('Clearing the filters keeps the order.', () => {
    const view = parse('q=a&state=low&label=env%3Dci&sort=-name');
    expect(formatView(withoutFilters(view)).toString()).toBe('sort=-name');
  });
});
