// Several stores that one Reflector keeps.
import type { ObjectStore } from './reflector.ts';

/** Each store receives every object, the first one first. */
export const allStores = <T>(...stores: readonly ObjectStore<T>[]): ObjectStore<T> => ({
  get isEmpty() {
    return stores.every(({ isEmpty }) => isEmpty);
  },
  put: (object) => {
    for (const store of stores) store.put(object);
  },
  delete: (object) => {
    for (const store of stores) store.delete(object);
  },
  replace: (objects, listVersion) => {
    for (const store of stores) store.replace(objects, listVersion);
  },
  clear: () => {
    for (const store of stores) store.clear();
  },
});
