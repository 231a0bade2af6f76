import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHome } from './temporary-home.ts';

describe('An invalid value', () => {
  it('An invalid value in the file is refused with file, key, reason and value', () => {
    const home = makeHome('[server]\nport = "8080"');
    expect(home.refusal()).toBe(
      `${home.path}/.sandbox.toml: [server] port must be an integer from 0 to 65535 (it is "8080").`,
    );
  });

  it('An invalid value is refused with the name of its flag or variable', () => {
    expect(makeHome().refusal({ flags: { port: '8080x' } })).toMatch(/^flag --port: \[server\] port must be /);
    expect(makeHome().refusal({ env: { WARMPOOL_RUNTIME: 'podman' } })).toBe(
      'env WARMPOOL_RUNTIME: [runtime] type must be "local", "kubernetes" or "docker" (it is "podman").',
    );
  });

  it.each(['8080x', '1e3', '0x50', '-1', '65536', '80.0', ' 80', '080', '+80', 'NaN', ''])(
    'The port %j is refused on the command line',
    (port) => {
      expect(makeHome().refusal({ flags: { port } })).toContain('must be an integer from 0 to 65535');
    },
  );

  it.each(['8080x', '1e3', '-1', '65536', '99999999999999999999', ' '])(
    'The port %j is refused in the environment',
    (port) => {
      expect(makeHome().refusal({ env: { WARMPOOL_PORT: port } })).toContain('env WARMPOOL_PORT: [server] port');
    },
  );

  it.each([
    ['[server]\nport = -1', '[server] port'],
    ['[server]\nport = 65536', '[server] port'],
    ['[server]\nport = 80.5', '[server] port'],
    ['[server]\nport = true', '[server] port'],
    ['[server]\nhost = ""', '[server] host'],
    ['[server]\nhost = "http://localhost"', '[server] host'],
    ['[server]\nhost = 1', '[server] host'],
    ['[server]\npublic_metrics = "yes"', '[server] public_metrics'],
    ['[server]\ncors_origins = "https://a.example"', '[server] cors_origins'],
    ['[server]\ncors_origins = ["*"]', '[server] cors_origins'],
    ['[server]\ncors_origins = ["https://a.example/"]', '[server] cors_origins'],
    ['[server]\ncors_origins = ["https://A.example"]', '[server] cors_origins'],
    ['[server]\ncors_origins = [1]', '[server] cors_origins'],
    ['[server]\nkeep_alive_seconds = 0', '[server] keep_alive_seconds'],
    ['[server]\nkeep_alive_seconds = 3601', '[server] keep_alive_seconds'],
    ['[server]\nkeep_alive_seconds = 1.5', '[server] keep_alive_seconds'],
    ['[runtime]\ntype = "Local"', '[runtime] type'],
    ['[local]\ndata_dir = ""', '[local] data_dir'],
    ['[local]\ndriver = "podman"', '[local] driver'],
    ['[local.simulated]\nstart_seconds = -1', '[local.simulated] start_seconds'],
    ['[local.simulated]\nstart_seconds = inf', '[local.simulated] start_seconds'],
    ['[local.simulated]\nfailure_rate = 1.1', '[local.simulated] failure_rate'],
    ['[local.simulated]\nfailure_rate = nan', '[local.simulated] failure_rate'],
    ['[local.docker]\nhost = ""', '[local.docker] host'],
    ['[local.docker]\nnetwork = ""', '[local.docker] network'],
    ['[local.docker]\nallow_privileged = "yes"', '[local.docker] allow_privileged'],
    ['[kubernetes]\nnamespace = "Not_One"', '[kubernetes] namespace'],
    ['[kubernetes]\ncontroller = "Warmpool"', '[kubernetes] controller'],
    ['[kubernetes]\nkubeconfig_path = 1', '[kubernetes] kubeconfig_path'],
    ['[kubernetes]\nkubeconfig_path = ["/a", "/b"]', '[kubernetes] kubeconfig_path'],
    ['[kubernetes]\nkubeconfig_path = []', '[kubernetes] kubeconfig_path'],
    ['[log]\nlevel = "LOUD"', '[log] level'],
    ['[log]\nlevel = 20', '[log] level'],
  ])('An invalid value in the file is refused with its key: %j', (toml, name) => {
    const home = makeHome(toml);
    expect(home.refusal()).toContain(`${home.path}/.sandbox.toml: ${name} must `);
  });

  it.each(['server = "x"', '[[server]]\nport = 1', '[local]\nsimulated = true'])(
    'A value in place of a section is refused: %j',
    (toml) => {
      expect(makeHome(toml).refusal()).toMatch(/\.sandbox\.toml: \[(server|local\.simulated)\] must be a section/);
    },
  );

  it('An invalid value is refused even if another source takes precedence', () => {
    expect(makeHome('[server]\nport = 99999').refusal({ flags: { port: '0' } })).toContain('[server] port must be');
  });

  it('All invalid values are reported together', () => {
    const message = makeHome('[server]\nport = 99999\n[log]\nlevel = "LOUD"').refusal({ flags: { runtime: 'x' } });
    expect(message.split('\n  - ')).toHaveLength(4);
  });

  it('An invalid secret is not shown', () => {
    expect(makeHome('[server]\napi_key = 123456789').refusal()).not.toContain('123456789');
    const message = makeHome().refusal({ env: { OPENSANDBOX_SERVER_API_KEY: 'top-secret\n' } });
    expect(message).toContain('env OPENSANDBOX_SERVER_API_KEY: [server] api_key must be printable ASCII');
    expect(message).not.toContain('top-secret');
  });

  it('An unknown driver is refused, and the message names the supported ones', () => {
    expect(makeHome().refusal({ flags: { driver: 'podman' } })).toContain(
      '[local] driver must be "simulated" or "docker" (it is "podman")',
    );
  });
});

describe('A valid value', () => {
  it.each([
    ['DEBUG', 'debug'],
    ['INFO', 'info'],
    ['WARNING', 'warn'],
    ['WARN', 'warn'],
    ['ERROR', 'error'],
    ['CRITICAL', 'fatal'],
    ['FATAL', 'fatal'],
    ['NOTSET', 'trace'],
    ['Warning', 'warn'],
    ['trace', 'trace'],
    ['silent', 'silent'],
  ])('The log level %s is read as %s', (name, level) => {
    expect(makeHome(`[log]\nlevel = "${name}"`).load().config.logLevel).toBe(level);
  });

  it('Every key of the file sets its setting', () => {
    const home = makeHome(`
      [server]
      host = "localhost"
      port = 0
      api_key = "key"
      public_metrics = true
      cors_origins = ["https://a.example", "http://localhost:3000"]
      keep_alive_seconds = 120
      [runtime]
      type = "kubernetes"
      [local]
      data_dir = "~/data"
      driver = "simulated"
      [local.simulated]
      start_seconds = 0.5
      failure_rate = 1
      [kubernetes]
      kubeconfig_path = "/etc/kubeconfig"
      namespace = "sandboxes"
      [log]
      level = "error"`);
    expect(home.load()).toMatchObject({
      warnings: [],
      config: {
        server: {
          host: 'localhost',
          port: 0,
          apiKey: 'key',
          isInsecure: false,
          publicMetrics: true,
          corsOrigins: ['https://a.example', 'http://localhost:3000'],
          keepAliveSeconds: 120,
        },
        runtime: 'kubernetes',
        local: {
          dataDir: join(home.path, 'data'),
          driver: 'simulated',
          simulated: { startSeconds: 0.5, failureRate: 1 },
        },
        kubernetes: { kubeconfigPaths: ['/etc/kubeconfig'], namespace: 'sandboxes' },
        logLevel: 'error',
      },
    });
  });
});
