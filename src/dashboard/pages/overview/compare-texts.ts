/** By code units: names and labels have the same order in every locale. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
