// The page of the dashboard: the same for every path, except for what depends on the request.
import { randomBytes } from 'node:crypto';
import type { Response } from 'express';

const NONCE_BYTES = 16;

/** Headers of every page at /ui. */
const sendPage = (response: Response, status: number, html: string, nonce: string): void => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(html),
    'Content-Security-Policy': policy.join('; '),
    // The nonce differs in every response.
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(html);
};

const newNonce = (): string => randomBytes(NONCE_BYTES).toString('base64');

/**
 * Sends the page. Its base URL is the relative path up to /ui/, so that it works below any prefix of a proxy.
 * @param path Path of the request below /ui/.
 */
export const sendIndex = (response: Response, index: string, path: string): void => {
  const nonce = newNonce();
  const base = '../'.repeat(path.split('/').length - 1) || './';
  const html = index.replace('<base href="./" />', `<base href="${base}" />`).replaceAll('__CSP_NONCE__', nonce);
  sendPage(response, 200, html, nonce);
};

const MISSING = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Warmpool</title>
  </head>
  <body>
    <h1>The dashboard is not built</h1>
    <p>Run <code>npm run build:dashboard</code> in the directory of the server, then reload this page.</p>
  </body>
</html>
`;

export const sendMissing = (response: Response): void => {
  sendPage(response, 503, MISSING, newNonce());
};
