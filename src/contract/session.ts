// Signing in to the dashboard: what /ui/session reads and returns.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { must } from './must.ts';

/** The body of a sign-in: the API key, or the token of a sign-in link. */
export const SignIn = closedObject({
  apiKey: z.string(must('be a string')).optional(),
  link: z.string(must('be a string')).optional(),
}).refine(({ apiKey, link }) => (apiKey === undefined) !== (link === undefined), must('have either apiKey or link'));
export type SignIn = z.infer<typeof SignIn>;

export const SessionStatus = z.object({
  access: z
    .enum(['open', 'signed-in', 'signed-out'])
    .describe('`open`: the server has no API key, and everyone who can reach it can use it.'),
  runtime: z.enum(['local', 'kubernetes', 'docker']),
  driver: z.enum(['simulated', 'docker']).optional().describe('What runs the members; on the local runtime only.'),
  namespace: z.string().optional().describe('Namespace of the pools; on Kubernetes only, and not when signed out.'),
  context: z.string().optional().describe('Context of the kubeconfig, likewise; absent in a cluster.'),
  version: z.string().describe('Version of the server.'),
});
export type SessionStatus = z.infer<typeof SessionStatus>;
