import { unbake } from '#adapters/crypto/unbake.ts'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import {
  foreignDids,
  foreignDocuments,
  foreignLists,
  foreignStandings,
} from '#adapters/fetch/foreign-sources.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { createMappedFetch } from '#adapters/fetch/remote-map.ts'
import { printReport } from '#adapters/paper/print-report.ts'
import { createTrustListFiles } from '#adapters/trust/trust-list-files.ts'
import { createTellStanding } from '#services/achievements/tell-standing.ts'
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
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** What is published of issuers, and how a credential is checked: our own are read from the database, others fetched. */
export function composeVerification(
  common: CommonParts,
  { anchors, vcApi, cryptoMeans }: Pick<Parts, 'anchors' | 'vcApi' | 'cryptoMeans'>,
) {
  const { database, clock, hashes, suite, keyStore, chain, origin, makeReceipt, settings } = common
  const { remoteMap, trust = { issuers: [], lists: [], keys: [] } } = settings
  const fetch =
    remoteMap === undefined
      ? createGuardedFetch({ allowLocalhost: settings.fetchLocalhost })
      : createMappedFetch(remoteMap)
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
    trustLists: { ...createTrustListFiles(trust.lists), keys: trust.keys },
    registry: origin,
    standings: ownStandingsFirst(tellStanding, origin, foreignStandings(fetch)),
    editions: ownEditions(database, origin),
    clock,
  }
  const stated = createVerifier(verifierNeeds)
  const verifier = createAnyBadgeVerifier(
    createRefreshingVerifier({ verifier: stated, suite, source: foreign }),
    { suite, documents: foreignDocuments(fetch), trust: named, verifyPemJws, clock },
  )
  const verification = createVerifyCredentials({
    database,
    clock,
    hashes,
    verifier,
    unbake: cryptoMeans.unbake ?? unbake,
    makeReceipt,
    printReport,
    origin,
    fetch,
  })
  return { publishedIssuers, resolver, verification, tellStanding, verifierNeeds }
}
