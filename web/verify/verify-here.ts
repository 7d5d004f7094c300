import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import type { ChainSources } from '#adapters/ethereum/chain-sources.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Recipient } from '#engine/verification/recipient.ts'
import { reportAsJson } from '#engine/verification/report-as-json.ts'
import type { AnchorReader, DidResolver } from '#services/ports/verification-sources.ts'
import { namedIssuers } from '#services/verify/named-issuers.ts'
import { createProvedAnchors } from '#services/verify/proved-anchors.ts'
import { createVerifier } from '#services/verify/verify-credential.ts'
import type { WireReport } from '#web/verify/wire-report.ts'
import type { Given } from './read-given.ts'
import { siteSources } from './site-sources.ts'

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
}

/** Verifies in this very browser. Asks the endpoint and the issuer's site where the question says so, and nobody else. */
export async function verifyHere(question: Question): Promise<WireReport | 'no-badge'> {
  const { given, asksSite, trusted } = question
  const badge = given.find((each) => each.kind === 'badge')
  if (badge === undefined) return 'no-badge'
  const receipt = given.find((each) => each.kind === 'receipt')
  const dids = given.filter((each) => each.kind === 'did').map(({ json }) => json)
  const resolver: DidResolver = {
    resolve: async (did) => (asksSite ? siteSources.resolve(did) : 'unavailable'),
    kept: (did) => dids.find(({ id }) => id === did),
  }
  const verifier = createVerifier({
    suite: createCredentialSuite(),
    resolver,
    statusLists: asksSite ? siteSources : { fetch: async () => 'unavailable' },
    ...(await chainOf(question)),
    trust: namedIssuers(trusted),
    clock: { now: () => asInstant(Date.now()) },
  })
  const report = await verifier.verify({
    document: badge.document,
    ...(badge.bare === undefined ? {} : { picture: badge.bare }),
    trustLists: given.flatMap((each) => (each.kind === 'list' ? [{ from: each.name, json: each.json }] : [])),
    trustKeys: question.trustKeys,
    ...(question.recipient === undefined ? {} : { recipient: question.recipient }),
    ...(receipt === undefined ? {} : { receipt: receipt.json }),
  })
  return reportAsJson(report) as unknown as WireReport
}

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
