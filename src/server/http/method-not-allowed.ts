// 405 for a route that exists and has no such method.
import type { RequestHandler } from 'express';
import { WarmpoolError } from '../../services/warmpool-error.ts';

/** Stands behind the handlers of a route: what they did not take has another method than `allowed`. A GET route serves HEAD as well. */
export const refuseMethod = (allowed: readonly string[]): RequestHandler => {
  const names = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return (request, response) => {
    response.setHeader('Allow', names);
    throw new WarmpoolError('REQUEST::METHOD_NOT_ALLOWED', `${request.method} is not possible here; ${names} are.`);
  };
};
