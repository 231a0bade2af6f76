// How counts read in reasons and conditions.

/** `1 member`, `2 members`. */
export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
