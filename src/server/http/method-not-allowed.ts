// 405 for a route that exists without the method of the request.
import type { RequestHandler } from 'express';
import { WarmpoolError } from '../../services/warmpool-error.ts';

/** The last handler of a route, for methods other than `allowed`. A route with GET also serves HEAD. */
export const refuseMethod = (allowed: readonly string[]): RequestHandler => {
  const names = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return (request, response) => {
    response.setHeader('Allow', names);
    throw new WarmpoolError(
      'REQUEST::METHOD_NOT_ALLOWED',
      `${request.method} is not allowed on this route. Allowed: ${names}.`,
    );
  };
};
