import { errors } from '#engine/errors/catalogue.ts'

/**
 * Whoever changes a thing has seen it as it is. Throws `precondition-failed` where it is at another revision than the
 * caller named; who names none (`seen` undefined) is not asked.
 */
export function requireSeen({ revision }: { readonly revision: number }, seen: number | undefined): void {
  if (seen !== undefined && seen !== revision) throw errors.preconditionFailed({ current: revision })
}
