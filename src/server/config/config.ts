// What the rest of the server sees of its configuration: typed, checked, complete.
import type { LevelWithSilent } from 'pino';

/** Where pools live. `docker` is an OpenSandbox configuration without Kubernetes: pool routes answer 501. */
export type Runtime = 'local' | 'kubernetes' | 'docker';

/** Every setting as it is in force. docs/configuration.md has meaning, default and bounds of each. */
export type Config = {
  readonly server: {
    readonly host: string;
    /** 0 picks a free one. */
    readonly port: number;
    /** The key that callers must send; undefined: none was configured. */
    readonly apiKey?: string | undefined;
    /** Without a key the server may be open. Means nothing beside a key. */
    readonly isInsecure: boolean;
    /** /metrics answers without a key. */
    readonly publicMetrics: boolean;
    /** Origins that browsers may call from, as `https://host[:port]`. */
    readonly corsOrigins: readonly string[];
  };
  readonly runtime: Runtime;
  readonly local: {
    /** Absolute path. */
    readonly dataDir: string;
    readonly driver: 'simulated';
    readonly simulated: {
      /** Mean time from start to ready. */
      readonly startSeconds: number;
      /** Share of starts that fail, 0 to 1. */
      readonly failureRate: number;
    };
  };
  readonly kubernetes: {
    /** Undefined: in-cluster. Several files if it comes from KUBECONFIG. */
    readonly kubeconfigPath?: string | readonly string[] | undefined;
    /** Context of the kubeconfig. Undefined: its current one. */
    readonly context?: string | undefined;
    /** Undefined: the namespace of the kubeconfig's context, or of the server's own pod. */
    readonly namespace?: string | undefined;
  };
  readonly logLevel: LevelWithSilent;
};
