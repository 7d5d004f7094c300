/** Sizes of batches that are looked at. */
export const SIZES = [1, 10, 100, 1_000, 10_000] as const
export const LARGE = 10_000
/** How many are revoked at once. */
export const MANY = 1_000
