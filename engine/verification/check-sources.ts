import { readDidWeb } from '#engine/credentials/did-web.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { standingAddress } from './achievement-standing.ts'
import type { TrustListReport } from './trust-list-report.ts'
import type { VerificationFacts } from './verification-facts.ts'
import type { Check } from './verification-report.ts'

/** What was asked or looked at for a check, so that a reader can do it again. */
export interface CheckSource {
  /**
   * `did-document`: fetched from `name`; `did-itself`: the key is the DID; `kept-did-document`: a file that was handed in;
   * `registry`: this server's own database; `chain`: an endpoint was asked; `chain-proof`: it follows from a block that was named.
   */
  readonly kind:
    | 'schema'
    | 'did-document'
    | 'did-itself'
    | 'kept-did-document'
    | 'registry'
    | 'trust-list'
    | 'setting'
    | 'status-list'
    | 'chain'
    | 'chain-proof'
    | 'standing'
    | 'clock'
  /** An address, a DID, a CAIP-10 account, the name of a list. */
  readonly name: string
  /** As of when it says what it says. */
  readonly at?: Instant
  readonly block?: number
  readonly digest?: Hex
}

/** Whom the verifier asked on the way. */
export interface Asked {
  readonly dids: ReadonlySet<string>
  /** Addresses of status lists. */
  readonly lists: readonly string[]
  /** The origin for which this verifier answers from its own database. */
  readonly registry?: string
}

export function withSources(check: Check, facts: VerificationFacts): Check {
  const sources = sourcesOf(check, facts)
  return sources.length === 0 ? check : { ...check, sources }
}

function sourcesOf({ name }: Check, facts: VerificationFacts): readonly CheckSource[] {
  const { checkedAt: at, asked, credential } = facts
  switch (name) {
    case 'schema':
      return facts.schemaFaults === undefined ? [] : [{ kind: 'schema', name: SCHEMA }]
    case 'proof':
      return keySource(facts)
    case 'issuer':
      return issuerSources(facts)
    case 'status':
      return [
        ...(asked?.lists ?? []).map(
          (list): CheckSource => ({ kind: kindAt(list, 'status-list', asked), name: list, at }),
        ),
        ...(BY_CHAIN.has(facts.status.kind) ? chainSource(facts) : []),
      ]
    case 'validity':
      return [{ kind: 'clock', name: 'the clock of the verifier', at }]
    case 'anchor':
      return chainSource(facts)
    case 'achievement': {
      const { id: achievementId, version } = credential?.achievement ?? {}
      const issuerId = credential?.issuer?.id
      if (facts.achievement.kind === 'not-looked-up') return []
      if (achievementId === undefined || version === undefined || issuerId === undefined) return []
      const address = standingAddress({ achievementId, version, issuerId })
      return address === undefined ? [] : [{ kind: kindAt(address, 'standing', asked), name: address, at }]
    }
    default:
      return []
  }
}

const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

/** Where the chain may stand in for a list. */
const BY_CHAIN: ReadonlySet<string> = new Set(['unavailable', 'untrusted'])

const kindAt = (
  address: string,
  kind: 'status-list' | 'standing' | 'did-document',
  asked: Asked | undefined,
) => (asked?.registry !== undefined && address.startsWith(`${asked.registry}/`) ? 'registry' : kind)

function keySource(facts: VerificationFacts): readonly CheckSource[] {
  const { checkedAt: at, asked, credential, isDidKept } = facts
  const { id, recordedAs } = credential?.issuer ?? {}
  if (id === undefined || asked?.dids.has(id) !== true) return []
  if (recordedAs !== undefined) return chainSource(facts)
  if (isDidKept === true) return [{ kind: 'kept-did-document', name: id }]
  if (id.startsWith('did:key:') || id.startsWith('did:jwk:')) return [{ kind: 'did-itself', name: id }]
  const address = readDidWeb(id)?.url ?? id
  return [{ kind: kindAt(address, 'did-document', asked), name: address, at }]
}

function issuerSources({ credential, asked, trustLists = [] }: VerificationFacts): readonly CheckSource[] {
  const { knownBy, listed } = credential?.issuer ?? {}
  switch (knownBy) {
    case 'registry':
      return [{ kind: 'registry', name: asked?.registry ?? 'the verifier' }]
    case 'setting':
      return [{ kind: 'setting', name: 'named by whoever runs the verifier' }]
    case 'list':
      return listed === undefined ? [] : [listSource(listed.list)]
    default:
      return trustLists.map(listSource)
  }
}

const listSource = ({ from, name, signedAt, digest }: TrustListReport): CheckSource => ({
  kind: 'trust-list',
  name: name ?? from,
  ...(signedAt === undefined ? {} : { at: signedAt }),
  ...(digest === undefined ? {} : { digest }),
})

function chainSource({ anchor }: VerificationFacts): readonly CheckSource[] {
  if (!('summary' in anchor)) return []
  const { chainId, contract, asOf, asOfBlock } = anchor.summary
  return [
    {
      kind:
        anchor.kind === 'refused' || (anchor.kind === 'on-chain' && anchor.isProved)
          ? 'chain-proof'
          : 'chain',
      name: `eip155:${chainId}:${contract}`,
      ...(asOf === undefined ? {} : { at: asOf }),
      ...(asOfBlock === undefined ? {} : { block: asOfBlock }),
    },
  ]
}
