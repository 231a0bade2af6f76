// Compresses the files of a build once, so that the server does not have to for every response.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(js|css|svg|json|txt|webmanifest)$/;

/** Smaller files fit into one packet anyway. */
const MIN_BYTES = 1_024;

const ENCODERS = {
  '.br': (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** Writes `<file>.br` and `<file>.gz` next to every file of the folder for which that saves something. */
export const compressFiles = async (folder) => {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.filter((name) => COMPRESSIBLE.test(name)).map((name) => compress(path.join(folder, name))));
};

const compress = async (file) => {
  const bytes = await readFile(file);
  if (bytes.length < MIN_BYTES) return;
  await Promise.all(
    Object.entries(ENCODERS).map(async ([suffix, encode]) => writeFile(`${file}${suffix}`, await encode(bytes))),
  );
};
