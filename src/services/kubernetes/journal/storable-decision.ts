// Decisions of a size that can be stored: the names of thousands of members, or a long refusal, would leave room for no other.
import type { Decision } from '../../../contract/decision.ts';

const NAMES_MAX = 200;
/** Of one text, in characters. */
const TEXT_MAX = 1_000;

/** The decision with at most 200 names, of which its sentence then says so, and with texts of at most 1 000 characters. */
export const storable = <Step extends Omit<Decision, 'id'>>(decision: Step): Step => {
  const { remove, reasons, sentence } = decision;
  const more = remove.length - NAMES_MAX;
  const note = more > 0 ? ` The names of ${more} more removed members are left out.` : '';
  return {
    ...decision,
    remove: remove.slice(0, NAMES_MAX),
    reasons: reasons.map(({ code, message }) => ({ code, message: cut(message) })),
    sentence: `${cut(sentence)}${note}`,
  };
};

/** The text, or its beginning with an ellipsis. */
export const cut = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text);
