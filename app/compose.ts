import { timingSafeEqual } from 'node:crypto'
import { createPseudonyms } from '#adapters/keys/pseudonyms.ts'
import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { createSteps } from '#jobs/steps.ts'
import { createAuthenticate } from '#services/access/authenticate.ts'
import { createOverview } from '#services/overview/overview.ts'
import { createCommonParts } from './compose/common-parts.ts'
import { composeAchievements } from './compose/compose-achievements.ts'
import { composeAnchoring } from './compose/compose-anchoring.ts'
import { composeAttestedAwards } from './compose/compose-attested-awards.ts'
import { composeAwards } from './compose/compose-awards.ts'
import { composeEarners } from './compose/compose-earners.ts'
import { composeMessages } from './compose/compose-messages.ts'
import { composeOpenBadgesApi } from './compose/compose-open-badges-api.ts'
import { composePeople } from './compose/compose-people.ts'
import { composeRules } from './compose/compose-rules.ts'
import { composeVcApi } from './compose/compose-vc-api.ts'
import { composeVerification } from './compose/compose-verification.ts'
import type { Parts } from './compose/parts.ts'

export type Product = ReturnType<typeof compose>

/**
 * Says which part is which: every use case with what it needs, by concept in `app/compose/`. Opens nothing and starts
 * nothing.
 */
export function compose(parts: Parts) {
  const common = createCommonParts(parts)
  const { database, clock, hashes, chain, origin } = common
  const people = composePeople(common, parts)
  const checking = composeVerification(common, parts)
  const { resolver, publishedIssuers, verification, tellStanding } = checking
  const achievements = composeAchievements(common)
  const awards = composeAwards(common, { resolver, expireRequests: people.expireRequests })
  const rules = composeRules(common, {
    verification,
    awards: awards.parts,
    jobKinds: achievements.jobKinds,
  })
  const earners = composeEarners(common, {
    pseudonyms: createPseudonyms(parts.masterKey),
    signIn: people.signIn,
    verification,
    revokeIssued: awards.parts.revokeIssued,
    printCertificate: parts.printingThreads.printCertificate,
  })
  const messages = composeMessages(common, parts)
  const openBadgesApi = composeOpenBadgesApi(common, {
    masterKey: parts.masterKey,
    credentials: earners.routes.credentials,
    importBadges: earners.routes.importBadges,
  })
  const anchoring = composeAnchoring(common, parts)
  const attestedAwards = composeAttestedAwards(common)

  return {
    routes: {
      ...people.routes,
      ...achievements.routes,
      tellStanding,
      publishedIssuers,
      ...rules.routes,
      ...awards.routes,
      ...attestedAwards.routes,
      ...earners.routes,
      verification,
      vcApi: composeVcApi(common, parts, checking),
      ...messages.routes,
      ...openBadgesApi.routes,
      overview: createOverview({ database, clock, chain, isLocal: isLoopbackHost(new URL(origin).hostname) }),
      publicUrl: origin,
    },
    openBadges: openBadgesApi.door,
    wallets: openBadgesApi.wallets,
    authenticate: createAuthenticate({
      database,
      clock,
      hashes,
      equalInConstantTime: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    }),
    reconcile: anchoring.reconcile,
    templateCounts: common.suite.templateCounts,
    steps: createSteps({
      ...rules.steps,
      ...awards.steps,
      ...earners.steps,
      ...anchoring.steps,
      ...attestedAwards.steps,
      ...messages.steps,
      ...openBadgesApi.steps,
    }),
  }
}
