// 405 for a route that exists and has no such method.
import type { RequestHandler } from 'express';
import { WarmpoolError } from '../../services/warmpool-error.ts';

/** Refuses every method but those that `allowed` names; a GET route serves HEAD as well. */
export const allowMethods = (allowed: readonly string[]): RequestHandler => {
  const names = [...new Set(allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  return (request, response, next) => {
    if (names.includes(request.method)) {
      next();
      return;
    }
    response.setHeader('Allow', names.join(', '));
    throw new WarmpoolError(
      'REQUEST::METHOD_NOT_ALLOWED',
      `${request.method} is not possible here; ${names.join(', ')} are.`,
    );
  };
};
