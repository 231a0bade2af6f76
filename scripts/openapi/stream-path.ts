// The stream of pools in the document: REST does not derive it from its procedure, which is a subscription.
import { CALL_OPTIONS } from '../../src/contract/call-options.ts';
import { HEARTBEAT_MS } from '../../src/contract/limits.ts';
import { PoolStreamEvent, WatchOptions } from '../../src/contract/pool-event.ts';
import { EVERYWHERE } from '../../src/router/operation.ts';
import { STREAM_PATH } from '../../src/server/stream/serve-stream.ts';
import { errorResponses, REQUEST_ID } from './responses.ts';
import { refTo } from './schemas.ts';

const DESCRIPTION = `Server-sent events: the current state as \`added\` events, a \`bookmark\`, then every change. The data of each event is JSON;
its \`type\` is repeated in the \`event:\` line. To resume, send the id of the last event received in \`Last-Event-ID\`; if the server cannot resume there,
it sends \`reset\`: discard what you have received; the full state follows. A client that reads slowly receives only the newest state of each pool.
Every ${HEARTBEAT_MS / 1_000} seconds, a comment and an id show that the stream is alive.`;

const TEXT = { type: 'string' as const };

const query = (parameter: string, description = '') => ({
  in: 'query' as const,
  name: parameter,
  required: false,
  description,
  schema: TEXT,
});

export const streamPath = {
  [STREAM_PATH]: {
    get: {
      operationId: 'watchPools',
      summary: 'Watch pools',
      description: DESCRIPTION,
      tags: ['pools'],
      security: [{ apiKey: [] }],
      parameters: [
        query('name', WatchOptions.shape.name.description),
        query('labelSelector', CALL_OPTIONS.labelSelector.description),
        query('namePrefix', CALL_OPTIONS.namePrefix.description),
        {
          ...query('Last-Event-ID', 'Id of the last event received. The stream continues after it.'),
          in: 'header' as const,
        },
      ],
      responses: {
        '200': {
          description: 'Stream of server-sent events; it ends when the client disconnects or the server shuts down.',
          headers: { ...REQUEST_ID, 'Cache-Control': { description: '`no-store`.', required: true, schema: TEXT } },
          content: { 'text/event-stream': { schema: refTo(PoolStreamEvent) } },
        },
        ...errorResponses([...EVERYWHERE, 'SERVER::BUSY']),
      },
    },
  },
};
