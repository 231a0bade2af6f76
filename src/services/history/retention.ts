// How long samples are kept.

/** A sample every 10 seconds is readable for a day, and for an hour more: a client's "24 hours ago" may be a little old. */
export const FINE_READABLE_SECONDS = 25 * 3_600;
