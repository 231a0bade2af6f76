// A path that only answers GET.
import type { Handler, Router } from 'express';
import { callOf } from './call.ts';
import { refuseMethod } from './handle-errors.ts';

/** @param operation What logs and metrics call it. */
export const getRoute = (routes: Router, path: string | RegExp, operation: string, handler: Handler): void => {
  const begin: Handler = (request, _response, next) => {
    callOf(request).operation = operation;
    next();
  };
  routes
    .route(path)
    .all(begin)
    .get(handler)
    .all(refuseMethod(['GET']));
};
