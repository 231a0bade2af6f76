// Builds of a dashboard, as `npm run build:dashboard` writes them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))})`;

const INDEX = `<!doctype html>
<base href="./" />
<meta property="csp-nonce" nonce="__CSP_NONCE__">
<script type="module" src="./assets/index-1a.js" nonce="__CSP_NONCE__"></script>`;

const FILES: Record<string, string | Buffer> = {
  'index.html': INDEX,
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg" />',
  '.vite/manifest.json': '{}',
  'assets/index-1a.js': SCRIPT,
  'assets/index-1a.js.br': brotliCompressSync(SCRIPT),
  'assets/index-1a.js.gz': gzipSync(SCRIPT),
  'assets/small-2b.css': 'a{}',
  'assets/font-3c.woff2': Buffer.from([0, 1, 2]),
};

/** Writes a build into the folder. */
export const writeBuild = (folder: string): void => {
  for (const [name, content] of Object.entries(FILES)) {
    const file = path.join(folder, 'abc', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(path.join(folder, 'current'), 'abc\n');
};
