import { unbake } from '#adapters/crypto/unbake.ts'
import { foreignDids, foreignLists, foreignStandings } from '#adapters/fetch/foreign-sources.ts'
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
import { firstToKnow, namedIssuers } from '#services/verify/named-issuers.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier } from '#services/verify/verify-credential.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** What is published of issuers, and how a credential is checked: our own are read from the database, others fetched. */
export function composeVerification(common: CommonParts, { anchors }: Pick<Parts, 'anchors'>) {
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
  const stated = createVerifier({
    suite,
    resolver,
    statusLists: ownListsFirst(publishedIssuers, origin, foreign),
    anchors,
    trust: firstToKnow(ownIssuersTrusted(database), namedIssuers(trust.issuers)),
    trustLists: { ...createTrustListFiles(trust.lists), keys: trust.keys },
    registry: origin,
    standings: ownStandingsFirst(tellStanding, origin, foreignStandings(fetch)),
    editions: ownEditions(database, origin),
    clock,
  })
  const verifier = createRefreshingVerifier({ verifier: stated, suite, source: foreign })
  const verification = createVerifyCredentials({
    database,
    clock,
    hashes,
    verifier,
    unbake,
    makeReceipt,
    printReport,
    origin,
  })
  return { publishedIssuers, resolver, verification, tellStanding }
}
