// Opens a WebSocket to the API server, over the sockets and with the headers of its other calls.
import type { Duplex } from 'node:stream';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { WebSocket, type Dispatcher } from 'undici';

type WebSocketCall = {
  readonly url: URL;
  /** The subprotocol that both sides have to speak. */
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly dispatcher: Dispatcher;
  /** Ends it at any time, without waiting for the server. */
  readonly signal: AbortSignal;
};

/** Resolves when it is open. Rejects with an ApiException where the server refuses, else with what failed. */
export const openWebSocket = async ({
  url,
  protocol,
  headers,
  dispatcher,
  signal,
}: WebSocketCall): Promise<WebSocket> => {
  let failure: Error | undefined;
  const attempt = dispatcher.compose(
    withHeaders(headers),
    watching({
      opened: (socket) => {
        signal.addEventListener('abort', () => socket.destroy(), { once: true });
      },
      failed: (error) => (failure = error),
    }),
  );
  const webSocket = new WebSocket(url, { protocols: protocol, dispatcher: attempt });
  webSocket.binaryType = 'arraybuffer';
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  webSocket.addEventListener('open', () => {
    resolve(undefined);
  });
  webSocket.addEventListener('error', ({ error }) => {
    reject(signal.aborted ? signal.reason : (failure ?? error));
  });
  signal.addEventListener('abort', () => {
    webSocket.close();
  });
  await promise;
  return webSocket;
};

/** As a dispatcher takes them: `Headers` would join the values of one that is repeated. */
const withHeaders =
  (headers: WebSocketCall['headers']): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch({ ...options, headers: Object.assign({}, options.headers, headers) }, handler);

type Handshake = {
  readonly opened: (socket: Duplex) => void;
  readonly failed: (error: Error) => void;
};

/** Reports why a handshake failed, which the events of a WebSocket do not say. */
const watching =
  ({ opened, failed }: Handshake): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    let status = 0;
    const chunks: Buffer[] = [];
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (controller, code, headers, socket) => {
        opened(socket);
        return handler.onRequestUpgrade?.(controller, code, headers, socket);
      },
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: (controller) => {
        const refusal = new ApiException(status, 'WebSocket', Buffer.concat(chunks).toString(), {});
        failed(refusal);
        handler.onResponseError?.(controller, refusal);
      },
      onResponseError: (controller, error) => {
        failed(error);
        handler.onResponseError?.(controller, error);
      },
    });
  };
