import { trustedWith } from '#engine/credentials/did-web.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { ListedIssuer, TrustList } from './trust-list.ts'

/** The entries of a list by what an issuer may be named by, made once a list. */
export interface TrustListIndex {
  readonly byName: ReadonlyMap<string, readonly ListedIssuer[]>
  /** By domain, and by folder of one. */
  readonly byPlace: ReadonlyMap<string, readonly ListedIssuer[]>
}

export function indexTrustList({ issuers }: TrustList): TrustListIndex {
  const byName = new Map<string, ListedIssuer[]>()
  const byPlace = new Map<string, ListedIssuer[]>()
  for (const issuer of issuers) {
    for (const name of [...issuer.ids, ...issuer.onChain]) add(byName, name, issuer)
    const { domain, wholeDomain, paths } = issuer
    if (domain === undefined) continue
    if (wholeDomain) add(byPlace, domain, issuer)
    for (const path of paths) add(byPlace, `${domain}${path}`, issuer)
  }
  return { byName, byPlace }
}

/**
 * The entry that vouches for an issuer, by its id or its number on chain, for a badge of that date. One that names it comes
 * before one that means where it lives. A badge without a date is covered by entries without an end or a beginning alone.
 */
export function findListed(
  { byName, byPlace }: TrustListIndex,
  issuerId: string,
  issuedAt: Instant | undefined,
): ListedIssuer | undefined {
  const found = [
    ...(byName.get(issuerId) ?? []),
    ...trustedWith(issuerId).flatMap((place) => byPlace.get(place) ?? []),
  ]
  return found.find((issuer) => covers(issuer, issuedAt))
}

function covers({ since, until }: ListedIssuer, at: Instant | undefined): boolean {
  if (at === undefined) return since === undefined && until === undefined
  return (since === undefined || since <= at) && (until === undefined || at < until)
}

function add<T>(map: Map<string, T[]>, name: string, value: T): void {
  const known = map.get(name)
  if (known === undefined) map.set(name, [value])
  else known.push(value)
}
