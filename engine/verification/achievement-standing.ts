import { readDidWeb } from '#engine/credentials/did-web.ts'
import { formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { AchievementFact } from './verification-facts.ts'

/**
 * What an issuer says by now of the versions of an achievement: a small document beside the achievement's own, at
 * `ID/standing`. The achievement's document itself cannot say it, as its bytes never change.
 * It is not signed: like the DID of its issuer it counts because the same domain serves it by https, and it informs only.
 */
export interface AchievementStanding {
  readonly achievementId: string
  readonly issuerDid: string
  readonly versions: readonly VersionStanding[]
}

export interface VersionStanding {
  readonly version: string
  readonly state: 'published' | 'retired' | 'withdrawn'
  /** How a person ended it. */
  readonly end?: { readonly at: Instant; readonly reason?: string }
}

/** The achievement of a badge, and who issued the badge. */
export interface StandingQuestion {
  readonly achievementId: string
  readonly version: string
  readonly issuerId: string
}

/**
 * Where the standing is found; undefined where the achievement does not live where the issuer of the badge does, as
 * nobody else speaks for it. An address with a query or a fragment is none that a path could be added to.
 */
export function standingAddress({ achievementId, issuerId }: StandingQuestion): string | undefined {
  const [achievement, home] = [URL.parse(achievementId), URL.parse(readDidWeb(issuerId)?.url ?? issuerId)]
  if (achievement === null || home === null || achievement.origin !== home.origin) return undefined
  if (!/^https?:$/.test(achievement.protocol) || achievement.username !== '') return undefined
  // As the address would be read in another way than it is written.
  if (achievement.href !== achievementId) return undefined
  return /[?#]|\/$/.test(achievementId) ? undefined : `${achievementId}/standing`
}

export const standingDocument = ({
  achievementId,
  issuerDid,
  versions,
}: AchievementStanding): StandingDocument => ({
  id: `${achievementId}/standing`,
  achievement: achievementId,
  issuer: issuerDid,
  versions: versions.map(({ version, state, end }) => ({
    version,
    state,
    ...(end === undefined ? {} : { endedAt: formatInstant(end.at) }),
    ...(end?.reason === undefined ? {} : { reason: end.reason }),
  })),
})

// A type and not an interface, so that it is JSON as well.
export type StandingDocument = {
  readonly id: string
  readonly achievement: string
  readonly issuer: string
  readonly versions: readonly {
    readonly version: string
    readonly state: VersionStanding['state']
    readonly endedAt?: string
    readonly reason?: string
  }[]
}

/** Longer reasons are cut: a report is no place for a book. */
const MAX_REASON = 2_000

/** Reads what was served. Whatever is of something else, or cannot be read, tells nothing. */
export function readStanding(
  document: JsonObject,
  { achievementId, version, issuerId }: StandingQuestion,
): AchievementFact {
  const { achievement, issuer, versions } = document
  if (
    achievement !== achievementId ||
    issuer !== issuerId ||
    versions === undefined ||
    !isJsonArray(versions)
  )
    return { kind: 'unavailable' }
  const entries = versions.filter(isJsonObject)
  const own = entries.find((entry) => entry['version'] === version)
  switch (own?.['state']) {
    case undefined:
      return { kind: 'not-looked-up' }
    case 'withdrawn': {
      const { endedAt, reason } = own
      const at = typeof endedAt === 'string' ? parseInstant(endedAt) : undefined
      if (at === undefined) return { kind: 'unavailable' }
      return { kind: 'withdrawn', at, reason: typeof reason === 'string' ? reason.slice(0, MAX_REASON) : '' }
    }
    case 'published':
    case 'retired':
      return entries.some(({ state }) => state === 'published') ? { kind: 'stands' } : { kind: 'retired' }
    default:
      return { kind: 'unavailable' }
  }
}
