// Bytes over a real connection, for what fetch cannot send.
import { connect } from 'node:net';

/** Sends bytes to a server and returns everything that is received until it closes the connection. */
export const exchange = (url: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });
