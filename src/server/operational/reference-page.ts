// The API reference at /docs: Swagger UI, served from this process and from no other host.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Router, type Handler } from 'express';
import { refuseMethod } from '../http/method-not-allowed.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Warmpool API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initialize.js"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Read once: what is sent from memory cannot fail on a range or a precondition that somebody asks for. */
const readAssets = (): [name: string, bytes: Buffer][] => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return ASSETS.map((name) => [name, readFileSync(path.join(folder, name))]);
};

// Swagger UI sets styles on elements and shows its icons as data URLs.
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

export const createReferencePage = (): Router => {
  const page = Router({ caseSensitive: true });
  page.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  const get = (route: string, answer: Handler) => {
    page
      .route(route)
      .get(answer)
      .all(refuseMethod(['GET']));
  };
  get('/', (_request, response) => {
    response.type('html').send(PAGE);
  });
  get('/initialize.js', (_request, response) => {
    response.type('js').send(SCRIPT);
  });
  for (const [name, bytes] of readAssets())
    get(`/${name}`, (_request, response) => {
      response.setHeader('Cache-Control', 'public, max-age=86400');
      response.type(path.extname(name)).send(bytes);
    });
  page.use((request) => {
    throw new WarmpoolError('REQUEST::NOT_FOUND', `There is no page ${request.baseUrl}${request.path}.`);
  });
  return page;
};
