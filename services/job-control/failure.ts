/** The database is away: nothing that is being worked on is at fault. */
export const isElsewhere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retry' in error && error.retry === true

/** A code for whoever looks at what failed: never the message, which may quote an event. */
export const failureCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'internal'
