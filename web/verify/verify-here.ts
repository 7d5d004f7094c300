import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import type { ChainSources } from '#adapters/ethereum/chain-sources.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Recipient } from '#engine/verification/recipient.ts'
import { reportAsJson } from '#engine/verification/report-as-json.ts'
import type { AnchorReader, DidResolver } from '#services/ports/verification-sources.ts'
import { createAnyBadgeVerifier } from '#services/verify/any-badge-verifier.ts'
import { namedIssuers } from '#services/verify/named-issuers.ts'
import { createProvedAnchors } from '#services/verify/proved-anchors.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { createDocumentVerifier } from '#services/verify/verify-document.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import type { WireAnyReport } from '#web/verify/wire-report.ts'
import type { Given } from './read-given.ts'
import { siteDocuments, siteSources } from './site-sources.ts'

export interface Question {
  readonly given: readonly Given[]
  /** An endpoint of the chain; nobody is asked without one. */
  readonly rpc: string
  /** Of the block that a kept proof follows from. */
  readonly blockHash: string
  /** DIDs, domains and numbers on chain of issuers that the reader knows. */
  readonly trusted: readonly string[]
  readonly asksSite: boolean
  /** Publishers of trust lists whose signatures the reader believes. */
  readonly trustKeys: readonly string[]
  /** Whom the badge should be of. */
  readonly recipient?: Recipient
  /** What the holder of a presentation was to answer, and for whom. */
  readonly challenge?: string
  readonly domain?: string
}

/** Verifies in this very browser. Asks the endpoint and the issuer's site where the question says so, and nobody else. */
export async function verifyHere(question: Question): Promise<WireAnyReport | 'no-badge'> {
  const { given, asksSite, trusted } = question
  const badge = given.find((each) => each.kind === 'badge')
  if (badge === undefined) return 'no-badge'
  const receipt = given.find((each) => each.kind === 'receipt')
  const dids = given.filter((each) => each.kind === 'did').map(({ json }) => json)
  const resolver: DidResolver = {
    resolve: async (did) => (asksSite ? siteSources.resolve(did) : 'unavailable'),
    kept: (did) => dids.find(({ id }) => id === did),
  }
  const suite = createCredentialSuite()
  const trust = namedIssuers(trusted)
  const clock = { now: () => asInstant(Date.now()) }
  const needs: VerifierNeeds = {
    suite,
    resolver,
    statusLists: asksSite ? siteSources : NOBODY,
    ...(await chainOf(question)),
    trust,
    clock,
  }
  const credentials = createAnyBadgeVerifier(
    createRefreshingVerifier({
      verifier: createVerifier(needs),
      suite,
      ...(asksSite ? { source: siteSources } : {}),
    }),
    { suite, documents: asksSite ? siteDocuments : NOBODY, trust, verifyPemJws, clock },
  )
  const presentations = createPresentationVerifier({ ...needs, credentials })
  const verifier = createDocumentVerifier({ credentials, presentations, suite })
  const { recipient, challenge, domain } = question
  const report = await verifier.verify({
    document: badge.document,
    ...(badge.bare === undefined ? {} : { picture: badge.bare }),
    trustLists: given.flatMap((each) => (each.kind === 'list' ? [{ from: each.name, json: each.json }] : [])),
    trustKeys: question.trustKeys,
    ...(recipient === undefined ? {} : { recipient }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(domain === undefined ? {} : { domain }),
    ...(receipt === undefined ? {} : { receipt: receipt.json }),
  })
  return reportAsJson(report) as unknown as WireAnyReport
}

/** Of what stands elsewhere nothing is known where nobody is to be asked. */
const NOBODY = { fetch: async () => 'unavailable' as const }

/** What speaks with chains is half of the page, and comes when there is one to speak with. */
async function chainOf({
  given,
  rpc,
  blockHash,
}: Question): Promise<Partial<ChainSources> & { anchors: AnchorReader }> {
  const proof = given.find((each) => each.kind === 'proof')
  if (proof !== undefined) {
    const { isBadgeAnchorAt } = await import('#adapters/ethereum/contract-identity.ts')
    const hash = blockHash === '' ? undefined : blockHash
    return { anchors: createProvedAnchors(proof.json, hash, { keccak256, isContract: isBadgeAnchorAt }) }
  }
  const url = URL.parse(rpc)
  if (url === null) return { anchors: { read: async () => 'unavailable' } }
  const { openChainSources } = await import('#adapters/ethereum/chain-sources.ts')
  return openChainSources(url, (...asked) => fetch(...asked))
}
