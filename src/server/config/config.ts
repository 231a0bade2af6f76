// The configuration as the server uses it.
import type { Settings } from './settings.ts';

export type Config = {
  readonly server: {
    readonly host: string;
    /** 0 picks a free one. */
    readonly port: number;
    /** Absent: none is configured. */
    readonly apiKey?: string;
    /** Whether the server may run without a key. */
    readonly isInsecure: boolean;
    readonly publicMetrics: boolean;
    readonly corsOrigins: readonly string[];
  };
  readonly runtime: Settings['runtime'];
  readonly local: {
    readonly dataDir: string;
    readonly driver: Settings['driver'];
    readonly simulated: { readonly startSeconds: number; readonly failureRate: number };
  };
  readonly kubernetes: { readonly kubeconfigPath?: string; readonly namespace?: string };
  readonly logLevel: string;
};

/** A configuration that cannot be used. The message names every wrong value, where it stands, and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
