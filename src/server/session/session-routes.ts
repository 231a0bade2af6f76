// /ui/session: signing in to the dashboard, signing out, and what the dashboard needs to know before.
import { Router, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { SignIn, type SessionStatus } from '../../contract/session.ts';
import { toViolations } from '../../contract/violations.ts';
import { definedFields } from '../../lib/json.ts';
import { invalidRequest, WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { refuseMethod } from '../http/handle-errors.ts';
import { readJsonBody } from '../http/request-body.ts';
import { sendJson } from '../http/send.ts';
import type { Access } from './access.ts';
import { refuseCrossSite, refuseOtherOrigins } from './refuse-cross-site.ts';

/** What the dashboard shows about the server. */
export type ServerFacts = Omit<SessionStatus, 'access'>;

type SessionRoutesOptions = {
  /** Undefined: the server is open. */
  readonly access: Access | undefined;
  readonly facts: ServerFacts;
  readonly logger: Logger;
};

const PATH = '/ui/session';

/** Maximum size of a sign-in, in bytes: everyone may send one. */
const SIGN_IN_MAX_BYTES = 8_192;

export const createSessionRoutes = ({ access, facts, logger }: SessionRoutesOptions): Router => {
  const routes = Router({ caseSensitive: true, strict: true });
  const begin: RequestHandler = (request, response, next) => {
    callOf(request).operation = 'session';
    response.setHeader('Cache-Control', 'no-store');
    next();
  };
  const audit = (request: Request, entry: Readonly<Record<string, string>>) => {
    logger.info({ requestId: callOf(request).requestId, key: access?.keyHash, ...entry }, 'audit');
  };

  const getStatus: RequestHandler = (request, response) => {
    sendJson(response, 200, statusOf(access?.sessions.touch(request, response), facts));
  };

  const signIn: RequestHandler = async (request, response) => {
    refuseOtherOrigins(request);
    const given = await readSignIn(request);
    if (access !== undefined) {
      const by = given.link === undefined ? 'key' : 'link';
      try {
        checkSignIn(access, given);
      } catch (error) {
        logger.warn({ requestId: callOf(request).requestId, by }, 'sign-in refused');
        throw error;
      }
      const session = access.sessions.start(request, response);
      audit(request, { operation: 'session.start', session, by });
    }
    response.writeHead(204).end();
  };

  const signOut: RequestHandler = (request, response) => {
    refuseCrossSite(request);
    for (const session of access?.sessions.end(request, response) ?? [])
      audit(request, { operation: 'session.end', session });
    response.writeHead(204).end();
  };

  routes
    .route(PATH)
    .all(begin)
    .get(getStatus)
    .post(signIn)
    .delete(signOut)
    .all(refuseMethod(['GET', 'POST', 'DELETE']));
  return routes;
};

/** @param isSignedIn Undefined: the server is open. Namespace and context are omitted while signed out. */
const statusOf = (isSignedIn: boolean | undefined, facts: ServerFacts): SessionStatus => {
  if (isSignedIn === undefined) return { access: 'open', ...facts };
  if (isSignedIn) return { access: 'signed-in', ...facts };
  const { runtime, driver, version } = facts;
  return definedFields({ access: 'signed-out', runtime, driver, version });
};

const readSignIn = async (request: Request): Promise<SignIn> => {
  const body = await readJsonBody(request, ['application/json'], SIGN_IN_MAX_BYTES);
  if (body === undefined) throw invalidRequest([{ path: [], message: 'a JSON body is required' }]);
  const { data, error } = SignIn.safeParse(body.value);
  if (data === undefined || body.violations.length > 0)
    throw invalidRequest([...body.violations, ...(error ? toViolations(error) : [])]);
  return data;
};

/** Attempts are not limited, as they are not with the header: a key that could be guessed needs to be replaced. */
const checkSignIn = ({ links, isRightKey }: Access, { apiKey, link }: SignIn): void => {
  if (link !== undefined && !links.redeem(link))
    throw new WarmpoolError(
      'INVALID_API_KEY',
      'The sign-in link was already used, or is older than 10 minutes. Sign in with the API key, or restart the server for a new link.',
    );
  if (apiKey !== undefined && !isRightKey(apiKey))
    throw new WarmpoolError(
      'INVALID_API_KEY',
      'The API key is wrong. The server logs at startup where the right one is.',
    );
};
