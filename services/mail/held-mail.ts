import { DAY_MS } from '#engine/shared/duration.ts'

/** Mail that was held goes out once its address is proven again, if it is no older. */
export const HELD_MAIL_MS = 30 * DAY_MS
