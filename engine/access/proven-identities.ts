import { type Identifier, identifierText, normaliseIdentifier } from '#engine/events/identifier.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'

/**
 * What a claim of a sign-in provider proves. The first of a list that an account has decides to which account a person
 * is signed in, so what never changes stands first.
 *
 * `account`: a number of the person there, as `HOME_PAGE#NUMBER`: the same person as an xAPI account of that home page.
 * `email`: counts only beside `email_verified: true`. `eppn`: eduPersonPrincipalName.
 * `domains`: a provider that may speak for these domains only; without it, for all.
 */
export type ProvingClaim =
  | { readonly as: 'account'; readonly claim: string; readonly homePage: string }
  | { readonly as: 'email' | 'eppn'; readonly claim: string; readonly domains?: readonly string[] }

/** A claim that must have one of these values, or nobody is let in: `schac_home_organization` for example. */
export interface RequiredClaim {
  readonly claim: string
  readonly values: readonly string[]
}

/**
 * The identities that a provider has proven, in the order of `proves`, each once.
 * `sources`: the ID token, and what the provider told besides. Each is read by itself: an address of one is not verified
 * by the word of the other.
 */
export function provenIdentities(
  proves: readonly ProvingClaim[],
  sources: readonly JsonObject[],
): readonly Identifier[] {
  const found = new Map<string, Identifier>()
  for (const each of proves)
    for (const claims of sources)
      for (const value of textsOf(claims[each.claim])) {
        const identifier = proven(each, value, claims)
        if (identifier !== undefined) found.set(identifierText(identifier), identifier)
      }
  return [...found.values()]
}

/** The first claim that nobody is let in without; undefined where all are as wanted. */
export const missingClaim = (
  required: readonly RequiredClaim[],
  sources: readonly JsonObject[],
): string | undefined =>
  required.find(({ claim, values }) =>
    sources.every((claims) => !textsOf(claims[claim]).some((value) => values.includes(value))),
  )?.claim

function proven(each: ProvingClaim, value: string, claims: JsonObject): Identifier | undefined {
  if (each.as === 'account') return normaliseIdentifier('account', `${each.homePage}#${value}`)
  if (each.as === 'email' && claims['email_verified'] !== true) return undefined
  const identifier = normaliseIdentifier(each.as, value)
  const domain = identifier?.value.split('@').at(-1) ?? ''
  return each.domains === undefined || each.domains.includes(domain) ? identifier : undefined
}

/** A claim is one text or a list of them (SURFconext gives lists). Anything else says nothing. */
function textsOf(value: Json | undefined): readonly string[] {
  const all: readonly Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return all.filter((each): each is string => typeof each === 'string' && each !== '')
}
