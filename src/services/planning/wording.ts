// Counts in sentences.

/** `1 member`, `2 members`. */
export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The form of a verb that agrees with a count: `1 member is`, `2 members are`. */
export const agree = (count: number, singular: string, plural: string) => (count === 1 ? singular : plural);
