import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { type StandingDocument, standingDocument } from '#engine/verification/achievement-standing.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Database } from '#services/ports/database.ts'

/** What an issuer of this installation says by now of every version that it ever published, for every verifier. */
export const createTellStanding =
  ({ database }: { readonly database: Database }) =>
  (id: AchievementId): Promise<StandingDocument> =>
    database.asWorker(async (stores) => {
      const achievement = await stores.achievements.find(id)
      const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
      const versions = (await stores.achievements.versions(id)).filter(
        (each): each is PublishedVersion => 'document' in each,
      )
      // A draft is nobody's business.
      if (issuer === undefined || versions.length === 0) throw errors.notFound({ what: 'achievement', id })
      return standingDocument({
        achievementId: `${issuer.origin}/achievements/${id}`,
        issuerDid: issuer.did,
        versions: versions.map(({ version, state, end }) => ({
          version: String(version),
          state,
          ...(end === undefined ? {} : { end }),
        })),
      })
    })
