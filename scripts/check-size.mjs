// Checks that the source stays readable in one sitting: the length of its files, and the share of comments.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MEDIAN_LINES = 80;
const LONGEST_LINES = 250;
const COMMENT_PERCENT = { min: 8, max: 18 };

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return { file, lines: lines.length, comments: lines.filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line)).length };
  })
  .sort((one, other) => one.lines - other.lines);

const sum = (field) => files.reduce((total, file) => total + file[field], 0);
const median = files[Math.floor(files.length / 2)].lines;
const percent = (100 * sum('comments')) / sum('lines');

const problems = [
  ...files
    .filter(({ lines }) => lines > LONGEST_LINES)
    .map(({ file, lines }) => `${file} has ${lines} lines; the maximum is ${LONGEST_LINES}.`),
  ...(median < MEDIAN_LINES ? [] : [`The median file has ${median} lines; it must have fewer than ${MEDIAN_LINES}.`]),
  ...(percent >= COMMENT_PERCENT.min && percent <= COMMENT_PERCENT.max
    ? []
    : [
        `${percent.toFixed(1)} % of the lines are comments; it must be ${COMMENT_PERCENT.min} to ${COMMENT_PERCENT.max} %.`,
      ]),
];
console.log(
  `${files.length} files, ${sum('lines')} lines, median ${median}, longest ${files.at(-1).lines}, ${percent.toFixed(1)} % comments`,
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
