import { describe, expect, it } from 'vitest';
import { makeHome } from './temporary-home.ts';

const warningsOf = (toml: string): readonly string[] => makeHome(toml).load().warnings;

describe('A section or key that Warmpool does not use', () => {
  it.each([
    ['[server]\nprot = 1', '[server] prot is ignored', 'unknown key; did you mean "[server] port"?'],
    ['[server]\nlog_level = "INFO"', '[server] log_level is ignored', 'unknown key; did you mean "[log] level"?'],
    [
      '[runtime]\nnamespace = "x"',
      '[runtime] namespace is ignored',
      'unknown key; did you mean "[kubernetes] namespace"?',
    ],
    ['[runtime]\nexecd_image = "x"', '[runtime] execd_image is ignored', 'unknown key; known: [runtime] type'],
    [
      '[local.simulated]\nstart_second = 1',
      '[local.simulated] start_second is ignored',
      'did you mean "[local.simulated] start_seconds"?',
    ],
    ['port = 1', 'port is ignored', 'unknown key; did you mean "[server] port"?'],
    ['[sever]\nport = 1', '[sever] is ignored', 'unknown section; did you mean "[server]"?'],
    ['[local.simulate]\nx = 1', '[local.simulate] is ignored', 'unknown section; did you mean "[local.simulated]"?'],
    ['[docker]\nhost = 1\nport = 2', '[docker] is ignored', 'unknown section; known: [server], [runtime], [local]'],
    ['[[ingress]]\nmode = "direct"', '[ingress] is ignored', 'unknown section; known: '],
  ])(
    'An unknown section or key is ignored with one warning that suggests the nearest known one, or lists all: %j',
    (toml, what, hint) => {
      const warnings = warningsOf(toml);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`.sandbox.toml: ${what}`);
      expect(warnings[0]).toContain(hint);
    },
  );

  it('Each unknown section or key is reported once', () => {
    expect(warningsOf('a = 1\n[server]\nb = 2\nc = 3\nport = 1\n[egress]\nd = 4')).toHaveLength(4);
  });

  it('An unknown key is reported without its value, which may be a secret', () => {
    expect(warningsOf('[server]\napikey = "top-secret"').join()).not.toContain('top-secret');
  });
});

describe("A configuration of OpenSandbox's server", () => {
  it("A configuration of OpenSandbox's server for Kubernetes keeps working", () => {
    const home = makeHome(`
      [server]
      host = "0.0.0.0"
      port = 8080
      api_key = "opensandbox-key"
      max_sandbox_timeout_seconds = 86400
      [log]
      level = "INFO"
      file_enabled = false
      [runtime]
      type = "kubernetes"
      execd_image = "opensandbox/execd:v1"
      [renew_intent]
      enabled = false
      redis.enabled = false
      [kubernetes]
      kubeconfig_path = "~/.kube/config"
      namespace = "opensandbox"
      informer_enabled = true
      [ingress]
      mode = "direct"
      [egress]
      image = "opensandbox/egress:v1"
      [storage]
      allowed_host_paths = []`);
    const { config, warnings } = home.load();
    expect(config).toMatchObject({
      server: { host: '0.0.0.0', port: 8080, apiKey: 'opensandbox-key' },
      runtime: 'kubernetes',
      kubernetes: { kubeconfigPaths: [`${home.path}/.kube/config`], namespace: 'opensandbox' },
      logLevel: 'info',
    });
    expect(warnings).toHaveLength(8);
  });

  it("A configuration of OpenSandbox's server for Docker is accepted", () => {
    const { config, warnings } = makeHome(
      '[runtime]\ntype = "docker"\nexecd_image = "x"\n[docker]\nnetwork_mode = "bridge"',
    ).load();
    expect(config.runtime).toBe('docker');
    expect(warnings).toHaveLength(2);
  });
});
