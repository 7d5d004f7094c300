/** What a sentence calls an issuer: its domain, else its id. Of a DID that is a key the middle is left out, as nobody reads it. */
export function shortName({
  domain,
  id = '',
}: {
  readonly domain?: string | undefined
  readonly id?: string | undefined
}): string {
  if (domain !== undefined) return domain
  return /^did:(?:key|jwk):/.test(id) && id.length > 40 ? `${id.slice(0, 16)}…${id.slice(-8)}` : id
}
