// Where the dashboard and its server are. The server writes <base>, so that both work behind any path prefix.

/** Ends in `/ui/`. */
export const UI_ROOT = new URL('.', document.baseURI);

/** The root of the API. */
export const SERVER_ROOT = new URL('..', UI_ROOT);

/** The path of the dashboard without its last slash, for the router. */
export const UI_BASE = UI_ROOT.pathname.replace(/\/$/, '');
