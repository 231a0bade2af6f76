// Lint rules: strict types, the import arrows of ARCHITECTURE.md, and a few bans that keep the style of this project.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Forbids imports whose specifier matches the pattern, with the reason as message. */
const forbid = (regex, message) => ({ regex, message });

const NO_UPWARD = {
  contract: [
    forbid('^(?!zod$|\\./)', 'src/contract imports zod and its own files, nothing else: it runs in a browser.'),
  ],
  lib: [forbid('^\\.\\./', 'src/lib imports nothing of ours: everything else may import it.')],
  services: [
    forbid(
      '^\\..*/(router|server)/',
      'services do not depend on tRPC or HTTP: contract, lib <- services <- router <- server.',
    ),
    forbid('^(@trpc/|express$|trpc-to-openapi|node:https?$)', 'services do not depend on tRPC or HTTP.'),
  ],
  planning: [
    forbid('^node:(?!crypto$)', 'planning is pure: no I/O.'),
    forbid('/(pools|local|kubernetes|docker|claims|controller)/', 'planning depends on the contract only.'),
  ],
  router: [
    forbid('^\\..*/server/', 'the router does not depend on Express: contract, lib <- services <- router <- server.'),
    forbid('/services/(local|kubernetes|docker)/', 'the router sees services, not their runtimes.'),
    forbid('^express$', 'the router does not depend on Express.'),
  ],
  client: [
    forbid(
      '^(?!@trpc/client$|@trpc/server/observable$|eventsource$|\\./|\\.\\./(contract|router)/)',
      'the client imports the contract and what its package.json has: it runs in a browser.',
    ),
    { ...forbid('/router/', 'the client imports only the type of the router.'), allowTypeImports: true },
  ],
};

const DASHBOARD = [
  forbid(
    '^\\.\\.?/.*(server|services|lib)/|^(node:|express$|pino|@trpc/server)',
    'the dashboard imports the contract, the client and the type of the router: it runs in a browser.',
  ),
  {
    ...forbid('/router/', 'the dashboard imports only the type of the router, from src/router/app-router.ts.'),
    allowTypeImports: true,
  },
];

const arrows = (files, ...patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: patterns.flat() }] },
});

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      '**/dist',
      'coverage',
      '**/*.cjs',
      'test/client/package/consumer',
      'test/sdks/typescript',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs', 'scripts/dashboard/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      // A port's method is async so that what it throws is a rejection, also where it awaits nothing.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-param-reassign': 'error',
    },
  },
  arrows(['src/contract/**/*.ts'], NO_UPWARD.contract),
  arrows(['src/lib/**/*.ts'], NO_UPWARD.lib),
  arrows(['src/services/**/*.ts'], NO_UPWARD.services),
  arrows(['src/services/planning/**/*.ts'], NO_UPWARD.services, NO_UPWARD.planning),
  arrows(['src/router/**/*.ts'], NO_UPWARD.router),
  arrows(['src/client/**/*.ts'], NO_UPWARD.client),
  arrows(['src/dashboard/**/*.{ts,tsx}'], DASHBOARD),
  {
    files: ['src/dashboard/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  // A component is read at a glance.
  { files: ['src/dashboard/**/*.tsx'], rules: { 'max-lines': ['error', { max: 150 }] } },
  { files: ['test/**'], rules: { 'max-params': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['scripts/**', 'bench/**', 'examples/**'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
);
