// Import cycles, and arrows between the folders of one layer. The arrows between layers are in eslint.config.js, where an editor shows them.
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'use-cases-know-no-runtime',
      severity: 'error',
      from: { path: '^src/services/(pools|planning)' },
      to: { path: '^src/services/(local|kubernetes)' },
    },
    {
      name: 'the-controller-knows-no-sqlite',
      severity: 'error',
      from: { path: '^src/services/local/controller' },
      to: { path: '^src/services/local/(sqlite|simulated)' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
