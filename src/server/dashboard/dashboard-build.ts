// The built dashboard, read into memory once: a response from memory cannot fail, and no path of a request reaches the disk.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { shortHash } from '../../lib/short-hash.ts';
import { codeOf } from '../../services/startup-error.ts';

/** Encodings for which the build has a compressed copy, the smallest first, and the suffixes of the copies. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

export type Asset = {
  readonly body: Buffer;
  /** Compressed copies. */
  readonly encoded: Readonly<Partial<Record<Encoding, Buffer>>>;
  /** Hash of the body. */
  readonly hash: string;
};

export type DashboardBuild = {
  readonly index: string;
  /** By path below the folder, with `/`. */
  readonly assets: ReadonlyMap<string, Asset>;
};

/** The current build of a folder that `scripts/build-dashboard.mjs` writes; undefined while there is none. */
export const readDashboardBuild = (folder: string): DashboardBuild | undefined => {
  try {
    const build = path.join(folder, readFileSync(path.join(folder, 'current'), 'utf8').trim());
    const files = new Map(filesOf(build).map((name) => [name, readFileSync(path.join(build, name))]));
    const index = files.get('index.html')?.toString();
    return index === undefined ? undefined : { index, assets: assetsOf(files) };
  } catch (error) {
    // A newer build may be replacing this one.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Hidden files, such as Vite's manifest, are not for browsers. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((name) => !name.startsWith('.'));

const assetsOf = (files: ReadonlyMap<string, Buffer>): Map<string, Asset> => {
  const isCopy = (name: string) =>
    Object.values(ENCODINGS).some((suffix) => name.endsWith(suffix) && files.has(name.slice(0, -suffix.length)));
  return new Map(
    [...files]
      .filter(([name]) => name !== 'index.html' && !isCopy(name))
      .map(([name, body]) => {
        const copies = Object.entries(ENCODINGS).map(([encoding, suffix]) => [encoding, files.get(name + suffix)]);
        const encoded = Object.fromEntries(copies.filter(([, copy]) => copy !== undefined)) as Asset['encoded'];
        return [name, { body, encoded, hash: shortHash([body]) }];
      }),
  );
};
