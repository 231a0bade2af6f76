// The dashboard at /ui, and the way there from /.
import path from 'node:path';
import { Router, type Handler, type Request, type Response } from 'express';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { getRoute } from '../http/get-route.ts';
import { isKnown } from '../http/if-none-match.ts';
import { ENCODINGS, readDashboardBuild, type Asset, type DashboardBuild, type Encoding } from './dashboard-build.ts';
import { sendIndex, sendMissing } from './index-page.ts';

/** Where Vite puts files that have a hash of their content in their name. */
const HASHED = 'assets/';

/** @param folder Where the builds are; a build that appears later is found by the next request. */
export const createDashboardRoutes = (folder: string): Router => {
  const routes = Router({ caseSensitive: true, strict: true });
  let build: DashboardBuild | undefined;

  const get = (route: string | RegExp, handler: Handler) => {
    getRoute(routes, route, 'dashboard', handler);
  };

  get('/', (request, response, next) => {
    response.vary('Accept');
    if (request.headers.accept?.includes('text/html') === true) redirect(response, 302);
    else next('route');
  });
  get('/ui', (_request, response) => {
    redirect(response, 308);
  });
  get(/^\/ui\//, (request, response) => {
    build ??= readDashboardBuild(folder);
    const name = request.path.slice('/ui/'.length);
    const asset = build?.assets.get(name);
    if (build === undefined) sendMissing(response);
    else if (asset !== undefined) sendAsset(request, response, asset, name);
    else if (name.startsWith(HASHED))
      throw new WarmpoolError('REQUEST::NOT_FOUND', 'The dashboard has no such file. Reload the page.');
    else sendIndex(response, build.index, name);
  });
  return routes;
};

/** To a relative URL, because a proxy may serve everything below a prefix. */
const redirect = (response: Response, status: 302 | 308): void => {
  response.writeHead(status, { Location: 'ui/', 'Content-Length': 0 }).end();
};

const sendAsset = (request: Request, response: Response, asset: Asset, name: string): void => {
  const encoding = encodingOf(request, asset);
  const etag = `"${asset.hash}${encoding === undefined ? '' : `-${encoding}`}"`;
  response
    .vary('Accept-Encoding')
    .type(path.extname(name))
    .set({
      ETag: etag,
      'Cache-Control': name.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  const body = (encoding && asset.encoded[encoding]) ?? asset.body;
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  response.writeHead(200, { 'Content-Length': body.length }).end(body);
};

/** Asked one by one, since many browsers list gzip first. */
const encodingOf = (request: Request, { encoded }: Asset): Encoding | undefined =>
  (Object.keys(ENCODINGS) as Encoding[]).find(
    (encoding) => encoded[encoding] !== undefined && request.acceptsEncodings(encoding) === encoding,
  );
