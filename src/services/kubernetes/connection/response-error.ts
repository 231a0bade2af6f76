/** A response of the API server with a status that is no success. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly status: number;
  /** JSON text, a parsed object, or plain text where no API is served at all. */
  readonly body: unknown;
  /** The header Retry-After. */
  readonly retryAfter: string | string[] | undefined;

  constructor(status: number, body: unknown, retryAfter?: string | string[]) {
    super(`The API server responded with ${status}.`);
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}
