// Any JSON object, with the names that are special to JavaScript.
import fc from 'fast-check';

const key = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.constantFrom('a', 'b', 'constructor', 'toString', '0', '<<', 'true', 'null', '~', '- x', 'a: b', '#c'),
  )
  .filter((name) => name !== '__proto__');

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('yes', '012', '1e3', ' x ', '', 'a\nb\n', '---', '2026-11-26', '*a', '&a', '{', "it's"),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

export const anyObject = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true });
