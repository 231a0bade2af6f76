// Unknown names: the nearest known one, and the common wording for fields, query parameters and keys.

/** Edit distance between two words (Levenshtein). */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

/** Maximum length of a word that is compared, because clients choose it: a longer one is not a typing mistake. */
const WORD_MAX_LENGTH = 64;

/** The known name nearest to `word`, ignoring case, when at most a third of its letters differ. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > WORD_MAX_LENGTH) return undefined;
  const [best] = known
    .map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= Math.max(1, Math.ceil(candidate.name.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
};

/** `unknown field; did you mean "name"?`, or the list of known names where no suggestion was found. */
export const describeUnknown = (kind: string, suggestion: string | undefined, known: readonly string[]): string => {
  if (suggestion !== undefined) return `unknown ${kind}; did you mean "${suggestion}"?`;
  return `unknown ${kind}; ${known.length > 0 ? `known: ${known.join(', ')}` : 'none are accepted here'}`;
};
