// The API reference at /docs: Swagger UI, served from this process and from no other host.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Router, type Handler } from 'express';
import { refuseMethod } from '../http/method-not-allowed.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';

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

/** Read once: a response from memory cannot fail on a range or a precondition. */
const readAssets = (): [name: string, bytes: Buffer][] => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return ASSETS.map((name) => [name, readFileSync(path.join(folder, name))]);
};

// Swagger UI sets inline styles and has its icons as data URLs.
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

export const createReferencePage = (): Router => {
  const routes = Router({ caseSensitive: true });
  routes.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  const get = (route: string, handler: Handler) => {
    routes
      .route(route)
      .get(handler)
      .all(refuseMethod(['GET']));
  };
  get('/', ({ originalUrl }, response) => {
    response.type('html').send(page(originalUrl.split('?', 1)[0]?.endsWith('/') === true ? '' : 'docs/'));
  });
  for (const [name, bytes] of [...readAssets(), ['initialize.js', SCRIPT] as const])
    get(`/${name}`, (_request, response) => {
      response.setHeader('Cache-Control', 'public, max-age=86400');
      response.type(path.extname(name)).send(bytes);
    });
  routes.use((request) => {
    throw new WarmpoolError('REQUEST::NOT_FOUND', `There is no page ${request.baseUrl}${request.path}.`);
  });
  return routes;
};
