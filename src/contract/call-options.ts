// Call options: members of a procedure's flat input that REST takes from the query or a header instead of the body.
// The REST adapter and the OpenAPI document are both made from this table.

type CallOptionPlace = {
  /** Where REST takes the option from. */
  readonly in: 'query' | 'header';
  /** Its name there. */
  readonly name: string;
  /** How its text is read. What does not read as that stays text, and the schema refuses it. */
  readonly type: 'string' | 'integer' | 'boolean';
  /** For the document. */
  readonly description: string;
};

/** Name in the input → place in a REST request. An operation takes those that its input schema has; the others are refused. */
export const CALL_OPTIONS = {
  view: {
    in: 'query',
    name: 'view',
    type: 'string',
    description: 'Whether the template is answered: `full` has it, `basic` has not.',
  },
  force: {
    in: 'query',
    name: 'force',
    type: 'boolean',
    description: 'Delete the pool although members are allocated.',
  },
  dryRun: {
    in: 'query',
    name: 'dryRun',
    type: 'boolean',
    description: 'Check everything, store nothing, and answer the pool as it would be, with what would happen.',
  },
  limit: { in: 'query', name: 'limit', type: 'integer', description: 'Most items in the answer.' },
  continue: {
    in: 'query',
    name: 'continue',
    type: 'string',
    description: 'Go on behind an answer that had more to come: its `continue`.',
  },
  labelSelector: {
    in: 'query',
    name: 'labelSelector',
    type: 'string',
    description: 'Only pools whose labels fit.',
  },
  namePrefix: { in: 'query', name: 'namePrefix', type: 'string', description: 'Only pools whose names begin so.' },
  ifMatch: {
    in: 'header',
    name: 'If-Match',
    type: 'string',
    description: 'Only if the pool is still the one of this ETag, in what the request changes.',
  },
  idempotencyKey: {
    in: 'header',
    name: 'Idempotency-Key',
    type: 'string',
    description: 'Makes it safe to send the request again.',
  },
} as const satisfies Record<string, CallOptionPlace>;

export type CallOption = keyof typeof CALL_OPTIONS;

export const isCallOption = (member: string): member is CallOption => Object.hasOwn(CALL_OPTIONS, member);
