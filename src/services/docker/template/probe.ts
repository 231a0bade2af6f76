// Probes of the template: what Kubernetes calls readinessProbe and startupProbe, without grpc.
import { z } from 'zod';
import { INT32_MAX } from '../../../contract/limits.ts';
import { must } from '../../../contract/must.ts';
import { fields, listOf, Text, whole } from './fields.ts';

export type ProbeHandler =
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** Without `host`, the address of the container. */
  | { readonly kind: 'tcpSocket'; readonly port: number; readonly host?: string | undefined }
  | {
      readonly kind: 'httpGet';
      readonly scheme: 'HTTP' | 'HTTPS';
      readonly port: number;
      readonly host?: string | undefined;
      readonly path: string;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
    };

/** A probe whose named port is resolved. */
export type Probe = {
  readonly handler: ProbeHandler;
  /** From the start of the container. */
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** Consecutive results that change the state. */
  readonly successThreshold: number;
  readonly failureThreshold: number;
};

const ONE_PORT = must('be an integer from 1 to 65535 or the name of a port of the container');
const PortNumber = z.number(ONE_PORT).int(ONE_PORT).min(1, ONE_PORT).max(65_535, ONE_PORT);
const ProbePort = z.union([PortNumber, z.string().min(1, ONE_PORT)], ONE_PORT);

const Host = Text.min(1, must('not be empty')).optional();

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const Header = fields({
  name: Text.regex(HEADER_NAME, must('be the name of an HTTP header')),
  value: Text.regex(HEADER_VALUE, must('be a valid value of an HTTP header')),
});

const PATH = /^[\x21-\x7e]*$/;

const handlers = {
  exec: fields({ command: z.array(Text, must('be an array')).min(1, must('have at least one element')) }).optional(),
  tcpSocket: fields({ port: ProbePort, host: Host }).optional(),
  httpGet: fields({
    path: Text.regex(PATH, must('be the path of a URL, percent-encoded')).default('/'),
    port: ProbePort,
    host: Host,
    scheme: z.enum(['HTTP', 'HTTPS'], must('be HTTP or HTTPS')).default('HTTP'),
    httpHeaders: listOf(Header),
  }).optional(),
};

const HANDLERS = Object.keys(handlers).join(', ');

const probe = (successMax: number) =>
  fields({
    ...handlers,
    initialDelaySeconds: whole(0, INT32_MAX).default(0),
    periodSeconds: whole(1, INT32_MAX).default(10),
    timeoutSeconds: whole(1, INT32_MAX).default(1),
    successThreshold: whole(1, successMax).default(1),
    failureThreshold: whole(1, INT32_MAX).default(3),
  })
    .refine(({ exec, tcpSocket, httpGet }) => [exec, tcpSocket, httpGet].filter(Boolean).length === 1, {
      error: `must have exactly one of ${HANDLERS}`,
    })
    .optional();

export const ReadinessProbe = probe(INT32_MAX);
/** One success is enough for a startup probe: Kubernetes allows no other threshold. */
export const StartupProbe = probe(1);

type GivenProbe = NonNullable<z.output<typeof ReadinessProbe>>;
export type NamedPort = { readonly name?: string | undefined; readonly containerPort: number };

/** The name of the probe's port, with its path; undefined for a number. */
export const portNameOf = ({ tcpSocket, httpGet }: GivenProbe): { path: string[]; name: string } | undefined => {
  const name = tcpSocket?.port ?? httpGet?.port;
  return typeof name === 'string' ? { path: [tcpSocket ? 'tcpSocket' : 'httpGet', 'port'], name } : undefined;
};

const resolve = (port: string | number, ports: readonly NamedPort[]): number => {
  const number = typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort;
  if (number === undefined) throw new Error(`the container has no port named "${port}"`);
  return number;
};

/** The probe with the number of its port. The schema has checked that a named port exists. */
export const toProbe = (given: GivenProbe, ports: readonly NamedPort[]): Probe => {
  const { exec, tcpSocket, httpGet, ...timing } = given;
  return { ...timing, handler: handlerOf({ exec, tcpSocket, httpGet }, ports) };
};

const handlerOf = (
  { exec, tcpSocket, httpGet }: Pick<GivenProbe, keyof typeof handlers>,
  ports: readonly NamedPort[],
): ProbeHandler => {
  if (tcpSocket) return { ...tcpSocket, kind: 'tcpSocket', port: resolve(tcpSocket.port, ports) };
  if (!httpGet) return { kind: 'exec', command: exec?.command ?? [] };
  const { httpHeaders: headers, ...target } = httpGet;
  return { ...target, headers, kind: 'httpGet', port: resolve(target.port, ports) };
};
