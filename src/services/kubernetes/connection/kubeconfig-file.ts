// Reads kubeconfig files and merges them as kubectl does: of entries with equal names, the first one is used entirely.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { KubeConfigError } from './kube-config-error.ts';
import type { Place } from './kubeconfig.ts';
import { list, Text } from './kubeconfig-fields.ts';

const Entries = list(z.looseObject({ name: Text }));
const KubeconfigFile = z.object({ clusters: Entries, users: Entries, contexts: Entries, 'current-context': Text });

type List = 'clusters' | 'users' | 'contexts';
type Entry = { readonly name?: string | undefined; readonly file: string; readonly [field: string]: unknown };

/** Entries are checked when they are used: an incomplete one that is not selected is harmless. */
export type KubeconfigFiles = Readonly<Record<List, readonly Entry[]>> & {
  /** Names of the files, for messages. */
  readonly where: string;
  readonly currentContext: string | undefined;
};

/** Of several files, missing ones are skipped. Throws KubeConfigError. */
export const readKubeconfigFiles = (files: readonly string[]): KubeconfigFiles => {
  const where = files.join(', ');
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) {
    const tilde = where.includes('~') ? ' Write the home directory out: only a shell expands "~".' : '';
    throw new KubeConfigError(
      `The kubeconfig that KUBECONFIG or [kubernetes] kubeconfig_path names does not exist: ${where}.${tilde}`,
    );
  }
  const parsed = present.map((file) => ({ file, ...readFile(file) }));
  const entries = (of: List) => parsed.flatMap(({ file, ...lists }) => lists[of].map((entry) => ({ ...entry, file })));
  return {
    where,
    clusters: entries('clusters'),
    users: entries('users'),
    contexts: entries('contexts'),
    currentContext: parsed.map((file) => file['current-context']).find((name) => name !== undefined),
  };
};

const readFile = (file: string): z.output<typeof KubeconfigFile> => {
  try {
    return KubeconfigFile.parse(load(readFileSync(file, 'utf8')));
  } catch (error) {
    // After its first line a YAML error contains the text around it, which may be a credential.
    const reason = error instanceof z.ZodError ? firstIssue(error) : (error as Error).message.split('\n', 1).join();
    throw new KubeConfigError(`${file} is not a valid kubeconfig: ${reason}.`);
  }
};

/** Such as `.exec.env[0].name: reason`. */
const firstIssue = ({ issues: [issue] }: z.ZodError): string => {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? [];
  return `${steps.join('')}: ${issue?.message ?? ''}`;
};

/** The fields of the entry with this name. Throws KubeConfigError, also if there is none. */
export const readEntry = <Fields extends z.ZodType>(
  files: KubeconfigFiles,
  of: List,
  name: string | undefined,
  schema: Fields,
): { readonly fields: z.output<Fields>; readonly place: Place } => {
  const kind = of.slice(0, -1);
  const entry = files[of].find((its) => its.name === name);
  if (entry === undefined) {
    const known = files[of].map((its) => its.name).join(', ') || 'none';
    throw new KubeConfigError(`${files.where}: ${kind} "${name ?? ''}" does not exist. Defined ${of}: ${known}.`);
  }
  const field = `${entry.file}: ${of}["${name ?? ''}"].${kind}`;
  const parsed = schema.safeParse(entry[kind] ?? {});
  if (!parsed.success) throw new KubeConfigError(`${field}${firstIssue(parsed.error)}.`);
  return { fields: parsed.data, place: { folder: path.dirname(path.resolve(entry.file)), field } };
};
