// JSON requests to the API server for any resource. client-node's own clients serve one API group each, and parse times into Dates.
import { ApiException, type Configuration, type ConfigurationOptions, type HttpMethod } from '@kubernetes/client-node';

export type JsonRequest = {
  readonly method: HttpMethod;
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Media type of the body. Default: application/json. */
  readonly mediaType?: string;
};

export class JsonApi {
  readonly #configuration: Configuration;

  /** Called by `ClusterConnection.client`. */
  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** @param options Those of `ClusterConnection.call`. Rejects with an ApiException unless the status is 2xx. */
  async send(request: JsonRequest, { httpApi, middleware = [] }: ConfigurationOptions): Promise<unknown> {
    const { method, path, query = {}, body, mediaType = 'application/json' } = request;
    let context = this.#configuration.baseServer.makeRequestContext(path, method);
    context.setHeaderParam('Accept', 'application/json');
    for (const [name, value] of Object.entries(query)) if (value !== undefined) context.setQueryParam(name, value);
    if (body !== undefined) {
      context.setHeaderParam('Content-Type', mediaType);
      context.setBody(JSON.stringify(body));
    }
    await this.#configuration.authMethods.default?.applySecurityAuthentication(context);
    for (const step of middleware) context = await step.pre(context).toPromise();
    let response = await (httpApi ?? this.#configuration.httpApi).send(context).toPromise();
    for (const step of middleware) response = await step.post(response).toPromise();
    const text = await response.body.text();
    if (response.httpStatusCode >= 300)
      throw new ApiException(response.httpStatusCode, 'refused', text, response.headers);
    return JSON.parse(text);
  }
}
