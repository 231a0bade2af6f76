// The stream of pools in the document: no operation of REST is made from its procedure, which is a subscription.
import { PoolStreamEvent, WatchOptions } from '../../contract/pool-event.ts';
import { EVERYWHERE } from '../../router/operation.ts';
import { STREAM_PATH } from '../stream/serve-stream.ts';
import { errorResponses, REQUEST_ID } from './responses.ts';

const DESCRIPTION = `The present state as \`added\` events, a \`bookmark\`, then every change; each event names itself in \`event:\`, and its data
is the schema below without \`type\`. A slow reader is told the newest state of each pool. The id of any event resumes the stream;
\`reset\` says that it could not: forget what you know, the whole state follows. Every 15 s a comment and an id show that the stream is alive.`;

const TEXT = { type: 'string' as const };

const parameters = [
  ...Object.entries(WatchOptions.shape).map(([name, schema]) => ({
    in: 'query' as const,
    name,
    required: false,
    description: schema.description ?? name,
    schema: TEXT,
  })),
  {
    in: 'header' as const,
    name: 'Last-Event-ID',
    required: false,
    description: 'As `lastEventId`, which it wins over.',
    schema: TEXT,
  },
];

export const streamPath = {
  [STREAM_PATH]: {
    servers: [{ url: '/' }],
    get: {
      operationId: 'pools-watch',
      summary: 'Watch pools',
      description: DESCRIPTION,
      tags: ['pools'],
      security: [{ apiKey: [] }],
      parameters,
      responses: {
        '200': {
          description: 'Server-sent events until one side ends them.',
          headers: {
            ...REQUEST_ID,
            'Cache-Control': { description: '`no-store`.', schema: TEXT },
          },
          content: { 'text/event-stream': { schema: PoolStreamEvent } },
        },
        ...errorResponses([...EVERYWHERE, 'SERVER::BUSY']),
      },
    },
  },
};
