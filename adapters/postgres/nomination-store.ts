import type { AchievementId, EventId, NominationId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { nomination as NominationRow, Prisma } from '#prisma'
import type { Nomination, NominationStore } from '#services/ports/nomination-store.ts'
import { date, instant, instantOrNull, known, newestFirst, page, type Transaction } from './rows.ts'

export function nominationStore(tx: Transaction): NominationStore {
  return {
    findSame: async (organisationId, { achievementId, subjectId, nominatorId }) =>
      one(
        await tx.nomination.findFirst({
          where: {
            organisation_id: organisationId,
            achievement_id: achievementId,
            subject_id: subjectId,
            nominator_id: nominatorId,
          },
        }),
      ),
    find: async (organisationId, id) =>
      one(await tx.nomination.findFirst({ where: { organisation_id: organisationId, id } })),
    save: async ({ organisationId, id, achievementId, subjectId, nominatorId, ...said }) => {
      const state = {
        round: said.round,
        reason: said.reason ?? null,
        event_id: said.eventId,
        nominated_at: date(said.nominatedAt),
        withdrawn_at: null,
      }
      await tx.nomination.upsert({
        where: { organisation_id_id: { organisation_id: organisationId, id } },
        update: state,
        create: {
          organisation_id: organisationId,
          id,
          achievement_id: achievementId,
          subject_id: subjectId,
          nominator_id: nominatorId,
          ...state,
        },
      })
    },
    withdraw: async (organisationId, eventId, at) => {
      await tx.nomination.updateMany({
        where: { organisation_id: organisationId, event_id: eventId, withdrawn_at: null },
        data: { withdrawn_at: date(at), reason: null },
      })
    },
    list: async (organisationId, request, { subjectId, achievementId }) => {
      const rows = await tx.nomination.findMany(
        newestFirst<Prisma.nominationWhereInput>('nominated_at', request, {
          organisation_id: organisationId,
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(achievementId === undefined ? {} : { achievement_id: achievementId }),
        }),
      )
      return page(rows.map(toNomination), request.limit, (each) => each.nominatedAt)
    },
  }
}

const one = (row: NominationRow | null): Nomination | undefined =>
  row === null ? undefined : toNomination(row)

const toNomination = (row: NominationRow): Nomination => ({
  ...known({ reason: row.reason, withdrawnAt: instantOrNull(row.withdrawn_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as NominationId,
  achievementId: row.achievement_id as AchievementId,
  subjectId: row.subject_id as SubjectId,
  nominatorId: row.nominator_id as SubjectId,
  round: row.round,
  eventId: row.event_id as EventId,
  nominatedAt: instant(row.nominated_at),
})
