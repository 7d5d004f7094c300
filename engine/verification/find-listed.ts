import { domainTrustedWith } from '#engine/credentials/did-web.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { ListedIssuer, TrustList } from './trust-list.ts'

/** The entries of a list by what an issuer may be named by, made once a list. */
export interface TrustListIndex {
  readonly byName: ReadonlyMap<string, readonly ListedIssuer[]>
  readonly byDomain: ReadonlyMap<string, readonly ListedIssuer[]>
}

export function indexTrustList({ issuers }: TrustList): TrustListIndex {
  const byName = new Map<string, ListedIssuer[]>()
  const byDomain = new Map<string, ListedIssuer[]>()
  for (const issuer of issuers) {
    for (const name of [...issuer.ids, ...issuer.onChain]) add(byName, name, issuer)
    if (issuer.wholeDomain && issuer.domain !== undefined) add(byDomain, issuer.domain, issuer)
  }
  return { byName, byDomain }
}

/**
 * The entry that vouches for an issuer, by its id or its number on chain, for a badge of that date. One that names it comes
 * before one that means its whole domain. A badge without a date is covered by entries without an end or a beginning alone.
 */
export function findListed(
  { byName, byDomain }: TrustListIndex,
  issuerId: string,
  issuedAt: Instant | undefined,
): ListedIssuer | undefined {
  const domain = domainTrustedWith(issuerId)
  const found = [
    ...(byName.get(issuerId) ?? []),
    ...(domain === undefined ? [] : (byDomain.get(domain) ?? [])),
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
