// Reads a watch in the background.

/**
 * `synced` resolves after the initial state of `events`, `ended` at their end; both reject when the watch fails. The
 * caller keeps `ended`: an unhandled rejection ends the process, which is right for a controller that no longer
 * receives changes.
 */
export const follow = <Event extends { readonly type: string }>(
  events: AsyncIterable<Event>,
  take: (event: Event) => void,
): { synced: Promise<undefined>; ended: Promise<void> } => {
  const { promise: synced, resolve, reject } = Promise.withResolvers<undefined>();
  const read = async () => {
    for await (const event of events) {
      take(event);
      if (event.type === 'synced') resolve(undefined);
    }
    reject(new Error('The watch ended before its initial state was complete.'));
  };
  const ended = read();
  ended.catch(reject);
  return { synced, ended };
};
