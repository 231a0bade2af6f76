// The API reference at /docs: Swagger UI, served from this process and from no other host.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Handler } from 'express';

// Every URL is relative, because a proxy may serve the whole API below a prefix.
/** @param base Relative path from the page to its assets. */
const page = (base: '' | 'docs/') => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Warmpool API</title>
    <link rel="stylesheet" href="${base}swagger-ui.css" />
    <link rel="icon" href="${base}favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${base}swagger-ui-bundle.js"></script>
    <script src="${base}initialize.js"></script>
  </body>
</html>
`;

const SCRIPT = `const url = new URL('../openapi.json', document.currentScript.src).href;
SwaggerUIBundle({ url, dom_id: '#swagger-ui', deepLinking: true });
`;

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = 'index.html';

// Swagger UI sets inline styles and has its icons as data URLs.
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

const serve =
  (name: string, body: string | Buffer): Handler =>
  (_request, response) => {
    if (name !== PAGE) response.setHeader('Cache-Control', 'public, max-age=86400');
    response.set(HEADERS).type(path.extname(name)).send(body);
  };

/** The page and its assets by their path. They are read once: a response from memory cannot fail on a range or a precondition. */
export const referencePage = (): ReadonlyMap<string, Handler> => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return new Map([
    ['/docs', serve(PAGE, page('docs/'))],
    ['/docs/', serve(PAGE, page(''))],
    ['/docs/initialize.js', serve('initialize.js', SCRIPT)],
    ...ASSETS.map((name) => [`/docs/${name}`, serve(name, readFileSync(path.join(folder, name)))] as const),
  ]);
};
