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
      name: 'use-cases-do-not-import-runtimes',
      severity: 'error',
      from: { path: '^src/services/(pools|claims|idempotency|planning|stream|controller|history)' },
      to: { path: '^src/services/(local|kubernetes|docker)' },
    },
    {
      name: 'the-controller-does-not-import-sqlite',
      severity: 'error',
      from: { path: '^src/services/controller' },
      to: { path: '^src/services/(local|kubernetes|docker)' },
    },
    {
      name: 'runtimes-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/services/(local|kubernetes)/' },
      to: { path: '^src/services/(local|kubernetes|docker)/', pathNot: '^src/services/$1/' },
    },
    {
      name: 'docker-does-not-import-kubernetes',
      severity: 'error',
      from: { path: '^src/services/docker/' },
      to: { path: '^src/services/kubernetes/' },
    },
    {
      name: 'http-knows-no-route',
      severity: 'error',
      from: { path: '^src/server/http/' },
      to: { path: '^src/server/(?!http/)' },
    },
    {
      name: 'the-dashboard-imports-contract-client-and-type-of-the-router',
      severity: 'error',
      from: { path: '^src/dashboard/' },
      to: { path: '^src/', pathNot: '^src/(dashboard|contract|client)/|^src/router/app-router\\.ts$' },
    },
    // The folders of the dashboard, from the bottom: api, ui, then pool and yaml, then pages, then app.
    {
      name: 'dashboard-api-is-at-the-bottom',
      severity: 'error',
      from: { path: '^src/dashboard/api/' },
      to: { path: '^src/dashboard/(?!api/)' },
    },
    {
      name: 'dashboard-ui-knows-no-pools-and-no-pages',
      severity: 'error',
      from: { path: '^src/dashboard/ui/' },
      to: { path: '^src/dashboard/(?!ui/|api/)' },
    },
    {
      name: 'dashboard-pool-and-yaml-do-not-import-each-other-or-pages',
      severity: 'error',
      from: { path: '^src/dashboard/(pool|yaml)/' },
      to: { path: '^src/dashboard/(?!api/|ui/)', pathNot: '^src/dashboard/$1/' },
    },
    {
      name: 'dashboard-pages-do-not-import-each-other-or-app',
      severity: 'error',
      from: { path: '^src/dashboard/pages/([^/]+)/' },
      to: { path: '^src/dashboard/(pages|app)/', pathNot: '^src/dashboard/pages/$1/' },
    },
    {
      name: 'nothing-imports-the-dashboard',
      severity: 'error',
      from: { path: '^src/(?!dashboard/)' },
      to: { path: '^src/dashboard/' },
    },
    {
      name: 'kubernetes-is-loaded-only-when-configured',
      comment:
        'It brings undici and js-yaml, which the local runtime does not need: outside of its folder it is imported dynamically.',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/services/kubernetes/' },
      to: { path: '^src/services/kubernetes/|node_modules/(@kubernetes|undici|js-yaml)/', dynamic: false },
    },
    {
      name: 'docker-is-loaded-only-when-configured',
      comment: 'The simulated driver does not need its library: it is imported dynamically.',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/services/docker/' },
      to: { path: '^src/services/docker/docker-driver|node_modules/dockerode/', dynamic: false },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      // Its packages are built into the files that browsers load.
      from: { path: '^src', pathNot: '^src/dashboard/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    exclude: { path: '/dist/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
