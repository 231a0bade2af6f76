// What an API server has been asked to write, by its own metrics.

/** Numbers of requests by verb and resource, such as `"PATCH pods/status": 3`. */
export type Writes = Readonly<Record<string, number>>;

const SAMPLE = /^apiserver_request_total\{(?<labels>.*)\} (?<count>\S+)$/gm;
/** `APPLY` is a PATCH that is a server-side apply. */
const VERBS = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);

/** @param metrics Response of the API server's `/metrics`. Failed requests are included, dry runs are not. */
export const readWrites = (metrics: string): Writes => {
  const writes: Record<string, number> = {};
  for (const { groups } of metrics.matchAll(SAMPLE)) {
    const labels = new Map(
      [...(groups?.labels ?? '').matchAll(/(\w+)="(.*?)"/g)].map(([, name, value]) => [name, value]),
    );
    const { verb = '', dry_run: dryRun, resource, subresource } = Object.fromEntries(labels) as Record<string, string>;
    if (!VERBS.has(verb) || dryRun !== '') continue;
    const key = `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
    writes[key] = (writes[key] ?? 0) + Number(groups?.count);
  }
  return writes;
};

/** The writes between two readings, without those of other resources. @param resource Such as `pods`. */
export const writesSince = (before: Writes, after: Writes, resource: string): Writes =>
  Object.fromEntries(
    Object.entries(after)
      .filter(([key]) => key.split(/[ /]/)[1] === resource)
      .map(([key, count]) => [key, count - (before[key] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
