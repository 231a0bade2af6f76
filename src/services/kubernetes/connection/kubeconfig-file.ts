// Reads kubeconfig files and merges them as kubectl does: of equal names the first file counts, whole.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadYaml } from '@kubernetes/client-node';
import { z } from 'zod';
import { KubeConfigError } from './kube-config-error.ts';
import type { Place } from './kubeconfig.ts';
import { list, Text } from './kubeconfig-fields.ts';

const Entries = list(z.looseObject({ name: Text }));
const KubeconfigFile = z.object({ clusters: Entries, users: Entries, contexts: Entries, 'current-context': Text });

type List = 'clusters' | 'users' | 'contexts';
type Entry = { readonly name?: string | undefined; readonly file: string; readonly [field: string]: unknown };

/** Entries are checked when they are used: an incomplete one that nobody chose does no harm. */
export type KubeconfigFiles = Readonly<Record<List, readonly Entry[]>> & {
  readonly currentContext: string | undefined;
};

/** Of several files those that are missing are skipped. Throws KubeConfigError. */
export const readKubeconfigFiles = (files: readonly string[]): KubeconfigFiles => {
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) throw new KubeConfigError(noFile(files));
  const parsed = present.map((file) => ({ file, ...readFile(file) }));
  const entries = (of: List) => parsed.flatMap(({ file, ...lists }) => lists[of].map((entry) => ({ ...entry, file })));
  return {
    clusters: entries('clusters'),
    users: entries('users'),
    contexts: entries('contexts'),
    currentContext: parsed.map((file) => file['current-context']).find((name) => name !== undefined),
  };
};

const noFile = (files: readonly string[]): string => {
  const tilde = files.some((file) => file.startsWith('~')) ? ' Write the home directory out: "~" is the shell’s.' : '';
  return files.length === 1
    ? `The kubeconfig ${files.join()} does not exist. KUBECONFIG or [kubernetes] kubeconfig_path names it.${tilde}`
    : `None of the files that KUBECONFIG names exists: ${files.join(', ')}.${tilde}`;
};

const readFile = (file: string): z.output<typeof KubeconfigFile> => {
  try {
    return KubeconfigFile.parse(loadYaml(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? firstIssue(error, '') : firstLine((error as Error).message);
    throw new KubeConfigError(`${file} is not a valid kubeconfig: ${reason}.`);
  }
};

/** A YAML error shows the text around it, which may be a credential. */
const firstLine = (message: string): string => message.split('\n')[0] ?? '';

/** The field with its path, as `field.exec.env[0].name: reason`. */
const firstIssue = ({ issues: [issue] }: z.ZodError, field: string): string => {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? [];
  return `${[field, ...steps].join('').replace(/^\./, '')}: ${issue?.message ?? ''}`;
};

/** The fields of the entry with this name; undefined if there is none. Throws KubeConfigError. */
export const readEntry = <Fields extends z.ZodType>(
  files: KubeconfigFiles,
  of: List,
  name: string | undefined,
  schema: Fields,
): { readonly fields: z.output<Fields>; readonly place: Place } | undefined => {
  const entry = files[of].find((its) => its.name === name);
  if (entry === undefined) return undefined;
  const kind = of.slice(0, -1);
  const field = `${entry.file}: ${of}["${name ?? ''}"].${kind}`;
  const parsed = schema.safeParse(entry[kind] ?? {});
  if (!parsed.success) throw new KubeConfigError(`${firstIssue(parsed.error, field)}.`);
  return { fields: parsed.data, place: { folder: path.dirname(path.resolve(entry.file)), field } };
};
