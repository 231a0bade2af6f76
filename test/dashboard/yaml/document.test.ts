import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readYaml, type Path } from '../../../src/dashboard/yaml/document.ts';
import { toYaml } from '../../../src/dashboard/yaml/pool-yaml.ts';
import { anyObject } from './json.ts';

const TEXT = `name: agents
template:
  spec:
    containers:
      - name: sandbox
        image: python:3.14
capacitySpec: {bufferMin: 3}
`;

/** Pieces of YAML in any order: texts that are nearly right. */
const broken = fc
  .array(
    fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '"',
      "'",
      '|',
      '?',
      '#',
      '---',
      '%',
      '<<',
      '\t',
      '!!a ',
    ),
    {
      maxLength: 30,
    },
  )
  .map((pieces) => pieces.join(''));

const anyPath: fc.Arbitrary<Path> = fc.array(
  fc.oneof(fc.constantFrom('a', '', 'x', 0, 1, -1, 'containers'), fc.string(), fc.nat(3)),
);

const marked = (text: string, path: Path): string => {
  const { from, to } = readYaml(text).locate(path);
  return text.slice(from, to);
};

describe('A YAML text', () => {
  test('No text makes the reader fail, and every place is inside the text.', () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), anyPath, (text, path) => {
        const { problems, locate } = readYaml(text);
        const lines = text.split('\n').length;
        for (const { from, to, line, column } of [...problems, locate(path)]) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(text.length).toBeGreaterThanOrEqual(to);
          expect(line).toBeGreaterThanOrEqual(1);
          expect(lines).toBeGreaterThanOrEqual(line);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('Any object that is written as YAML is read as the same object.', () => {
    fc.assert(
      fc.property(anyObject, (template) => {
        fc.pre(Object.keys(template).length > 0);
        expect(readYaml(toYaml({ template })).value).toEqual({ template });
      }),
    );
  });

  test('A scalar is marked by its text, and a block by its key.', () => {
    expect(marked(TEXT, ['template', 'spec', 'containers', 0, 'image'])).toBe('python:3.14');
    expect(marked(TEXT, ['template', 'spec'])).toBe('spec');
    expect(readYaml(TEXT).locate(['template', 'spec', 'containers', 0, 'image'])).toMatchObject({
      line: 6,
      column: 16,
    });
  });

  test('A missing value is marked at its nearest ancestor.', () => {
    expect(marked(TEXT, ['capacitySpec', 'poolMax'])).toBe('capacitySpec');
    expect(readYaml(TEXT).locate(['labels', 'env'])).toMatchObject({ from: 0, line: 1, column: 1 });
  });

  test('A text that is not YAML has no value, and the line of the problem.', () => {
    const { value, problems } = readYaml('name: a\ntemplate: [\n');
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({ line: 3, path: [] });
  });

  test.each(['a: &x [*x]', '&x {a: {b: *x}}'])('An alias inside its own value is a problem: "%s".', (text) => {
    const { value, problems } = readYaml(text);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ message: '*x must not be inside &x', from: text.indexOf('*x') }]);
  });

  test('An alias is read as the value that it stands for, but not thousands of times.', () => {
    expect(readYaml('a: &x [1]\nb: *x').value).toEqual({ a: [1], b: [1] });
    const levels = 'abcdefgh'.split('');
    const bomb = levels.map((name, index) => {
      const inner = levels[index - 1];
      return `${name}: &${name} [${Array(9)
        .fill(inner === undefined ? '1' : `*${inner}`)
        .join(', ')}]`;
    });
    const { value, problems } = readYaml(bomb.join('\n'));
    expect(value).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  test('A text that is nested too deeply is a problem.', () => {
    expect(readYaml('['.repeat(5_000)).problems.length).toBeGreaterThan(0);
  });

  test('Several documents in one text are a problem.', () => {
    expect(readYaml('a: 1\n---\nb: 2').problems[0]?.message).toContain('multiple documents');
  });
});
