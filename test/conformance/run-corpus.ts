import { join } from 'node:path'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { foreignDids, foreignLists } from '#adapters/fetch/foreign-sources.ts'
import { contextsOf, createMappedFetch, type RemoteMap, readRemoteMap } from '#adapters/fetch/remote-map.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import { type CorpusEntry, readEntry, readManifest } from './corpus.ts'
import { type Judgement, type JudgeNeeds, judgeEntry } from './judge-entry.ts'
import { OWN_POLICIES } from './own-policies.ts'

export interface CorpusResult {
  readonly entry: CorpusEntry & { readonly ownPolicy?: string }
  readonly judgement: Judgement
  readonly agreement: Agreement
}

/**
 * `policy`: the corpus says itself that a verifier may differ. `own-policy`: we do, and say why.
 * `agrees-undecided`: expected to be refused, and it could not be checked, as what it needs is nowhere to be had. That is
 * another answer than "invalid", and never "valid", which is what the corpus asks.
 */
export type Agreement = 'agrees' | 'agrees-undecided' | 'policy' | 'own-policy' | 'disagrees' | 'false-valid'

/** Runs every document of a corpus through the product's own verifier and lint. Nothing is fetched. */
export async function runCorpus(folder: string, now: Instant): Promise<readonly CorpusResult[]> {
  const map = withJoseKeys(readRemoteMap(join(folder, 'remote', 'map.json')))
  const fetch = createMappedFetch(map)
  const suite = createCredentialSuite({ contexts: contextsOf(map) })
  const needs: VerifierNeeds = {
    suite,
    resolver: foreignDids(fetch),
    statusLists: foreignLists(fetch),
    anchors: { read: async () => 'unavailable' },
    trust: { look: async () => undefined },
    clock: { now: () => now },
  }
  const judging: JudgeNeeds = {
    verifier: createRefreshingVerifier({
      verifier: createVerifier(needs),
      suite,
      source: foreignLists(fetch),
    }),
    presentations: createPresentationVerifier(needs),
    suite,
    now,
  }
  const results: CorpusResult[] = []
  for (const read of readManifest(folder)) {
    const own = OWN_POLICIES.get(read.file)
    const entry = own === undefined ? read : { ...read, ownPolicy: own }
    const judgement = await judgeEntry(entry, readEntry(folder, entry), judging)
    results.push({ entry, judgement, agreement: agreementOf(entry, judgement) })
  }
  return results
}

export function agreementOf(
  { expected, policy, ownPolicy }: Pick<CorpusEntry, 'expected' | 'policy'> & { readonly ownPolicy?: string },
  { verdict }: Pick<Judgement, 'verdict'>,
): Agreement {
  // One that is not needed any more must not lie there for the next regression to hide behind.
  if (verdict === expected) return ownPolicy === undefined ? 'agrees' : 'disagrees'
  if (expected === 'invalid') return verdict === 'valid' ? 'false-valid' : 'agrees-undecided'
  if (policy !== undefined) return 'policy'
  return ownPolicy === undefined ? 'disagrees' : 'own-policy'
}

/** The keys of the VC-JOSE-COSE tests come one a file, and without the document of the issuer that lists them. */
function withJoseKeys(map: RemoteMap): RemoteMap {
  const methods = [...map]
    .filter(([name]) => name.startsWith('jose:'))
    .map(([, bytes]) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>)
    .map(({ id, type, controller, publicKeyJwk }) => ({ id, type, controller, publicKeyJwk }))
  const controllers = new Set(methods.map(({ controller }) => `${controller}`))
  const documents = [...controllers].map((id): readonly [string, Uint8Array] => {
    const verificationMethod = methods.filter(({ controller }) => controller === id)
    const assertionMethod = verificationMethod.map((method) => method.id)
    const document = { id, verificationMethod, assertionMethod, authentication: assertionMethod }
    return [id, new TextEncoder().encode(JSON.stringify(document))]
  })
  return new Map([...map, ...documents])
}
