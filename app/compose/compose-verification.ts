import { unbake } from '#adapters/crypto/unbake.ts'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import { createFetchBudget } from '#adapters/fetch/fetch-budget.ts'
import {
  foreignDids,
  foreignDocuments,
  foreignLists,
  foreignStandings,
} from '#adapters/fetch/foreign-sources.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { createMappedFetch } from '#adapters/fetch/remote-map.ts'
import { createTrustListFiles } from '#adapters/trust/trust-list-files.ts'
import { createTellStanding } from '#services/achievements/tell-standing.ts'
import { withOwnCompanions } from '#services/credentials/own-companions.ts'
import {
  ownDidsFirst,
  ownEditions,
  ownIssuersTrusted,
  ownListsFirst,
  ownStandingsFirst,
} from '#services/credentials/own-sources.ts'
import { createVerifyCredentials } from '#services/credentials/verify-credentials.ts'
import { createPublishedIssuers } from '#services/issuers/published-issuers.ts'
import { createAnyBadgeVerifier } from '#services/verify/any-badge-verifier.ts'
import { firstToKnow, namedIssuers } from '#services/verify/named-issuers.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { createDocumentVerifier } from '#services/verify/verify-document.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** What is published of issuers, and how a credential is checked: our own are read from the database, others fetched. */
export function composeVerification(
  common: CommonParts,
  {
    anchors,
    vcApi,
    cryptoMeans,
    printingThreads,
  }: Pick<Parts, 'anchors' | 'vcApi' | 'cryptoMeans' | 'printingThreads'>,
) {
  const { database, clock, hashes, suite, keyStore, chain, origin, makeReceipt, settings } = common
  const { remoteMap, trust = { issuers: [], lists: [], keys: [] } } = settings
  const guarded =
    remoteMap === undefined
      ? createGuardedFetch({ allowLocalhost: settings.fetchLocalhost })
      : createMappedFetch(remoteMap)
  const { fetch, within, share } = createFetchBudget(guarded)
  const publishedIssuers = createPublishedIssuers({ database, clock, chain, suite, keyStore })
  const resolver = ownDidsFirst(publishedIssuers, foreignDids(fetch))
  const tellStanding = createTellStanding({ database })
  const foreign = foreignLists(fetch)
  const named = namedIssuers(trust.issuers)
  const verifierNeeds: VerifierNeeds = {
    suite,
    resolver: vcApi === undefined ? resolver : { ...resolver, controllers: vcApi.controllers },
    statusLists: ownListsFirst(publishedIssuers, origin, foreign),
    anchors,
    trust: firstToKnow(ownIssuersTrusted(database), named),
    trustLists: {
      ...createTrustListFiles(trust.lists),
      keys: trust.keys,
      resolver: ownDidsFirst(publishedIssuers, foreignDids(guarded)),
    },
    registry: origin,
    standings: ownStandingsFirst(tellStanding, origin, foreignStandings(fetch)),
    editions: ownEditions(database, origin),
    clock,
  }
  const documents = foreignDocuments(fetch)
  /** One budget of fetches for a document and everything in it. */
  const bounded = <Request, Report>({ verify }: { verify(request: Request): Promise<Report> }) => ({
    verify: (request: Request, signal?: AbortSignal) => within(() => verify(request), signal),
  })
  /** Everything that this server knows of a document, put together over these needs. */
  const makeVerifiers = (needs: VerifierNeeds, { takesOlderBadges = true } = {}) => {
    const stated = withOwnCompanions(createVerifier(needs), { database, hashes, makeReceipt })
    const refreshing = createRefreshingVerifier({ verifier: stated, suite, source: foreign })
    const older = { suite, documents, trust: named, verifyPemJws, clock }
    const credentials = bounded(takesOlderBadges ? createAnyBadgeVerifier(refreshing, older) : refreshing)
    const presentations = bounded(createPresentationVerifier({ ...needs, credentials, share }))
    return {
      credentials,
      presentations,
      documents: createDocumentVerifier({ credentials, presentations, suite }),
    }
  }
  const verification = createVerifyCredentials({
    database,
    clock,
    hashes,
    verifiers: makeVerifiers(verifierNeeds),
    unbake: cryptoMeans.unbake ?? unbake,
    printReport: printingThreads.printReport,
    origin,
    fetch,
  })
  return { publishedIssuers, resolver, verification, tellStanding, verifierNeeds, makeVerifiers }
}
