// Timestamps as text.

/** Epoch milliseconds as RFC 3339 in UTC, with milliseconds and `Z`. */
export const rfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
