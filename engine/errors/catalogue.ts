import { commonErrors } from './common-errors.ts'

/** Every error that leaves the product, worded once. `docs/errors.md` is generated from it. */
export const errors = { ...commonErrors } as const
