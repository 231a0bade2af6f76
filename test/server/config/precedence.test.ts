import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHome } from './temporary-home.ts';

describe('The value of a setting', () => {
  it('Every setting has a default, so nothing has to be configured', () => {
    const home = makeHome();
    expect(home.load()).toMatchObject({
      warnings: [],
      config: {
        server: {
          host: '127.0.0.1',
          port: 8080,
          isInsecure: false,
          publicMetrics: false,
          corsOrigins: [],
          keepAliveSeconds: 75,
        },
        runtime: 'local',
        local: {
          dataDir: join(home.path, '.warmpool'),
          driver: 'simulated',
          simulated: { startSeconds: 2, failureRate: 0 },
        },
        kubernetes: { controller: 'opensandbox' },
        logLevel: 'info',
      },
    });
    expect(home.load().config.server.apiKey).toBeUndefined();
  });

  it('The value of a setting comes from the flag, else the variable, else the file, else the default', () => {
    const home = makeHome('[server]\nport = 1');
    const env = { WARMPOOL_PORT: '2' };
    expect(makeHome().load().config.server.port).toBe(8080);
    expect(home.load().config.server.port).toBe(1);
    expect(home.load({ env }).config.server.port).toBe(2);
    expect(home.load({ env, flags: { port: '3' } }).config.server.port).toBe(3);
  });

  it('Every flag sets its setting', () => {
    const { config } = makeHome().load({
      flags: {
        host: '::1',
        port: '0',
        runtime: 'kubernetes',
        dataDir: '/data',
        driver: 'simulated',
        controller: 'warmpool',
      },
    });
    expect(config).toMatchObject({
      server: { host: '::1', port: 0 },
      runtime: 'kubernetes',
      local: { dataDir: '/data', driver: 'simulated' },
      kubernetes: { controller: 'warmpool' },
    });
  });

  it('Every environment variable sets its setting', () => {
    const { config } = makeHome().load({
      env: {
        WARMPOOL_HOST: '0.0.0.0',
        WARMPOOL_PORT: '65535',
        WARMPOOL_RUNTIME: 'docker',
        WARMPOOL_DATA_DIR: '/data',
        WARMPOOL_DRIVER: 'simulated',
        WARMPOOL_CONTROLLER: 'warmpool',
        OPENSANDBOX_SERVER_API_KEY: 'key of the variable',
        OPENSANDBOX_INSECURE_SERVER: 'yes',
      },
    });
    expect(config).toMatchObject({
      server: { host: '0.0.0.0', port: 65_535, apiKey: 'key of the variable', isInsecure: true },
      runtime: 'docker',
      local: { dataDir: '/data', driver: 'simulated' },
      kubernetes: { controller: 'warmpool' },
    });
  });

  it('An empty environment variable is ignored', () => {
    const home = makeHome('[server]\nport = 1\napi_key = "of the file"');
    const { server } = home.load({ env: { WARMPOOL_PORT: '', OPENSANDBOX_SERVER_API_KEY: '' } }).config;
    expect(server).toMatchObject({ port: 1, apiKey: 'of the file' });
  });

  it.each(['YES', 'Yes', 'yes'])('OPENSANDBOX_INSECURE_SERVER=%s allows a server without a key', (value) => {
    expect(makeHome().load({ env: { OPENSANDBOX_INSECURE_SERVER: value } }).config.server.isInsecure).toBe(true);
  });

  it.each(['1', 'true', 'Y', 'YES ', 'no', ''])(
    'OPENSANDBOX_INSECURE_SERVER=%j does not allow a server without a key',
    (value) => {
      expect(makeHome().load({ env: { OPENSANDBOX_INSECURE_SERVER: value } }).config.server.isInsecure).toBe(false);
    },
  );

  it('An empty API key is ignored', () => {
    expect(makeHome('[server]\napi_key = ""').load().config.server.apiKey).toBeUndefined();
  });

  it('~ in a path is the home directory, and relative paths become absolute', () => {
    const home = makeHome('[kubernetes]\nkubeconfig_path = "~/.kube/config"');
    const { config } = home.load({ flags: { dataDir: 'here' } });
    expect(config.kubernetes.kubeconfigPaths).toEqual([join(home.path, '.kube/config')]);
    expect(config.local.dataDir).toBe(join(process.cwd(), 'here'));
  });

  it('KUBECONFIG applies only when no kubeconfig_path is set', () => {
    const env = { KUBECONFIG: '/of/the/variable' };
    const pathsIn = (toml: string) => makeHome(toml).load({ env }).config.kubernetes.kubeconfigPaths;
    expect(pathsIn('[kubernetes]\nkubeconfig_path = "/of/the/file"')).toEqual(['/of/the/file']);
    expect(pathsIn('[kubernetes]\nkubeconfig_path = ""')).toEqual(['/of/the/variable']);
    expect(pathsIn('')).toEqual(['/of/the/variable']);
  });

  it.skipIf(delimiter !== ':')('KUBECONFIG may name several files, and kubeconfig_path is always one', () => {
    const pathsWith = (KUBECONFIG: string) =>
      makeHome().load({ env: { KUBECONFIG } }).config.kubernetes.kubeconfigPaths;
    expect(pathsWith('/one:two::')).toEqual(['/one', 'two']);
    expect(pathsWith(':')).toEqual([]);
    const { config } = makeHome('[kubernetes]\nkubeconfig_path = "/clusters/a:b"').load();
    expect(config.kubernetes.kubeconfigPaths).toEqual(['/clusters/a:b']);
  });
});

describe('The configuration file', () => {
  it('The configuration file is the one from --config, else from SANDBOX_CONFIG_PATH, else ~/.sandbox.toml', () => {
    const home = makeHome('[server]\nport = 1');
    const env = { SANDBOX_CONFIG_PATH: home.write('env.toml', '[server]\nport = 2') };
    const flags = { config: home.write('flag.toml', '[server]\nport = 3') };
    expect(home.load().config.server.port).toBe(1);
    expect(home.load({ env }).config.server.port).toBe(2);
    expect(home.load({ env, flags }).config.server.port).toBe(3);
    expect(home.load({ env: { SANDBOX_CONFIG_PATH: '~/env.toml' } }).config.server.port).toBe(2);
    expect(home.load({ env: { SANDBOX_CONFIG_PATH: '' } }).config.server.port).toBe(1);
  });

  it('A configuration file that is named must exist', () => {
    const home = makeHome();
    const missing = join(home.path, 'missing.toml');
    expect(home.refusal({ flags: { config: missing } })).toBe(
      `flag --config: the configuration file ${missing} does not exist.`,
    );
    expect(home.refusal({ env: { SANDBOX_CONFIG_PATH: missing } })).toBe(
      `env SANDBOX_CONFIG_PATH: the configuration file ${missing} does not exist.`,
    );
    expect(home.refusal({ flags: { config: '' } })).toContain('flag --config');
  });

  it('A configuration file that cannot be read is reported with the reason', () => {
    const home = makeHome();
    expect(home.refusal({ flags: { config: home.path } })).toContain(`file ${home.path} cannot be read: EISDIR`);
  });

  it('A configuration file that is not TOML is refused with path and line, without quoting it', () => {
    const home = makeHome('[server]\nport = 1\napi_key = "top-secret');
    const message = home.refusal();
    expect(message).toContain(`${home.path}/.sandbox.toml: line 3, column`);
    expect(message).not.toContain('top-secret');
  });
});
