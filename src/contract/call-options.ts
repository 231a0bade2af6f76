// Call options: fields of a procedure's flat input that REST reads from the query or a header instead of the body.
// The REST adapter and the OpenAPI document are both derived from this table.

type CallOptionPlace = {
  /** Where REST reads the option from. */
  readonly in: 'query' | 'header';
  /** Name of the query parameter, which is that of the field, or of the header. */
  readonly name: string;
  /** How REST converts the text. Text that does not convert is passed on unchanged, and the schema rejects it. */
  readonly type: 'string' | 'integer' | 'boolean';
  /** Description in the OpenAPI document. */
  readonly description: string;
};

type Type = CallOptionPlace['type'];
const inQuery = (name: string, type: Type, description: string): CallOptionPlace => ({
  in: 'query',
  name,
  type,
  description,
});
const inHeader = (name: string, description: string): CallOptionPlace => ({
  in: 'header',
  name,
  type: 'string',
  description,
});

/** Input field → place in a REST request. An operation supports the options in its input schema; others are rejected. */
export const CALL_OPTIONS = {
  view: inQuery('view', 'string', 'Whether to include the template: `full` includes it, `basic` omits it.'),
  force: inQuery('force', 'boolean', 'Delete the pool or stop the member even if claims hold members.'),
  dryRun: inQuery(
    'dryRun',
    'boolean',
    'Validate the request and return the resulting pool with the planned scaling step, without storing anything.',
  ),
  limit: inQuery('limit', 'integer', 'Maximum number of items to return.'),
  continue: inQuery('continue', 'string', 'Continuation token: the `continue` value of the previous page.'),
  labelSelector: inQuery(
    'labelSelector',
    'string',
    'Label selector in Kubernetes syntax. Only items whose labels match are returned.',
  ),
  namePrefix: inQuery('namePrefix', 'string', 'Name prefix. Only pools whose name starts with it are returned.'),
  state: inQuery(
    'state',
    'string',
    'Which claims to return: `bound` (the default), or `all`, which includes ended ones.',
  ),
  from: inQuery('from', 'string', 'Start of the range, RFC 3339. Default: 30 minutes before `to`.'),
  to: inQuery('to', 'string', 'End of the range, exclusive, RFC 3339. Default: now.'),
  step: inQuery(
    'step',
    'integer',
    'Seconds between two points, a multiple of 10. Default: the shortest step that returns at most 500 points.',
  ),
  ifMatch: inHeader(
    'If-Match',
    'ETag of the version the change is based on, or `*` for any. The write is applied only if the parts of the pool it changes still match.',
  ),
  idempotencyKey: inHeader(
    'Idempotency-Key',
    'Client-generated key, unique per created resource. Repeating a request with the same key and body returns the resource created by the first one.',
  ),
};

export type CallOption = keyof typeof CALL_OPTIONS;

export const isCallOption = (field: string): field is CallOption => Object.hasOwn(CALL_OPTIONS, field);
