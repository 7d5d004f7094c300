/** A part of the official data, of which nothing is known yet. */
export type Unread = unknown

export const asRecord = (json: Unread): Readonly<Record<string, Unread>> =>
  (json ?? {}) as Readonly<Record<string, Unread>>
