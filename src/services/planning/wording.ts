// Counts in sentences.

/** `1 member`, `2 members`. */
export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
