// How counts and times read in reasons and conditions.

/** `1 member`, `2 members`. */
export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** RFC 3339 in UTC, with `Z`. */
export const timestamp = (epochMs: number) => new Date(epochMs).toISOString();
