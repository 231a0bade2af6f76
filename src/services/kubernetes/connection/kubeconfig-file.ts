// Reads kubeconfig files and merges them as kubectl does: of entries with equal names, the first one is used entirely.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { KubeConfigError, listField, TextField, type Place } from './kubeconfig-fields.ts';

const Entries = listField(z.looseObject({ name: TextField }));
const KubeconfigFile = z.object({ clusters: Entries, users: Entries, contexts: Entries, 'current-context': TextField });

/** Of several files, missing ones are skipped. Throws KubeConfigError. */
export const readKubeconfig = (files: readonly string[]) => {
  /** Names of the files, for messages. */
  const where = files.join(', ');
  const parsed = files.filter((file) => existsSync(file)).map((file) => ({ file, ...readFile(file) }));
  if (parsed.length === 0) {
    const tilde = where.includes('~') ? ' Write the home directory out: only a shell expands "~".' : '';
    throw new KubeConfigError(
      `The kubeconfig that KUBECONFIG or [kubernetes] kubeconfig_path names does not exist: ${where}.${tilde}`,
    );
  }
  return {
    where,
    currentContext: parsed.map((file) => file['current-context']).find((name) => name !== undefined),
    /**
     * The entry with this name. Entries are validated when they are read: an incomplete one that is not selected is ignored.
     * Throws KubeConfigError if it is invalid or does not exist.
     */
    entry: <Fields>(kind: 'cluster' | 'user' | 'context', name = '', schemaAt: (place: Place) => z.ZodType<Fields>) => {
      const of = `${kind}s` as const;
      const entries = parsed.flatMap(({ file, [of]: listed }) => listed.map((entry) => ({ entry, file })));
      const found = entries.find(({ entry }) => entry.name === name);
      if (found === undefined) {
        const known = entries.map(({ entry }) => entry.name).join(', ') || 'none';
        throw new KubeConfigError(`${where}: ${kind} "${name}" does not exist. Defined ${of}: ${known}.`);
      }
      const field = `${found.file}: ${of}["${name}"].${kind}`;
      const schema = schemaAt({ folder: path.dirname(path.resolve(found.file)), field });
      const { data, error } = schema.safeParse(found.entry[kind] ?? {});
      if (error) throw new KubeConfigError(`${field}${firstIssue(error)}.`);
      return data;
    },
  };
};

const readFile = (file: string): z.output<typeof KubeconfigFile> => {
  try {
    return KubeconfigFile.parse(loadAll(readFileSync(file, 'utf8'))[0] ?? {});
  } catch (error) {
    // After its first line a YAML error contains the text around it, which may be a credential.
    const reason =
      error instanceof z.ZodError
        ? firstIssue(error).replace(/^: /, '')
        : (error as Error).message.split('\n', 1).join();
    throw new KubeConfigError(`${file} is not a valid kubeconfig: ${reason}.`);
  }
};

/** For example `.exec.env[0].name: reason`. */
const firstIssue = ({ issues: [issue] }: z.ZodError): string => {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? [];
  return `${steps.join('')}: ${issue?.message ?? ''}`;
};
