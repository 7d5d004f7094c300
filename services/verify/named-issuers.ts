import { trustedWith } from '#engine/credentials/did-web.ts'
import type { IssuerTrust } from '#services/ports/verification-sources.ts'

/** Issuers that somebody named one by one: by whole id, by domain or a folder of it, or by number on chain. */
export const namedIssuers = (names: readonly string[]): IssuerTrust => ({
  look: async (issuerId) => {
    const isNamed = [issuerId, ...trustedWith(issuerId)].some((name) => names.includes(name))
    return isNamed ? { by: 'setting' } : undefined
  },
})

/**
 * A DID or an address that is the whole id of an issuer, its number on chain, else a domain, as it stands in ids (in lower
 * case and ASCII), with or without a folder (`uni.example/badges`). Undefined for a domain with a port, which taken as it is
 * would be trusted for more than was asked, or for nobody.
 */
export function readIssuerName(text: string): string | undefined {
  if (/^(?:did:|https?:\/\/)/.test(text)) return text
  if (/^0x[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  const [domain = '', ...folders] = text.replace(/\/$/, '').split('/')
  if (/[\s:?#@\\]/.test(domain)) return undefined
  const host = URL.parse(`https://${domain}`)?.hostname
  if (host === undefined) return undefined
  const name = [host, ...folders].join('/')
  // What no id could have is meant for somebody and would fit nobody.
  return trustedWith(`https://${name}`)[0] === name || (folders.length === 0 && host !== '')
    ? name
    : undefined
}

/** Asks one after another, and the first that knows the issuer counts. */
export const firstToKnow = (...trusts: readonly IssuerTrust[]): IssuerTrust => ({
  look: async (issuerId) => {
    for (const trust of trusts) {
      const known = await trust.look(issuerId)
      if (known !== undefined) return known
    }
    return undefined
  },
})
