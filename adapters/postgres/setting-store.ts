import type { OrganisationSettings, SettingStore } from '#services/ports/setting-store.ts'
import type { Transaction } from './rows.ts'

const DEFAULTS: OrganisationSettings = {
  secondPersonActivatesRule: false,
  secondPersonPublishesAchievement: false,
  secondPersonChangesKey: false,
  expertReviews: 0,
  expertReviewsOfMicroCredential: 0,
  secondPersonRevokesMany: false,
  deadRuleDays: 30,
  expiryReminderDays: [30, 7],
  eventRetention: undefined,
  revision: 1,
}

export function settingStore(tx: Transaction): SettingStore {
  return {
    find: async (organisationId) => {
      const row = await tx.organisation_setting.findUnique({ where: { organisation_id: organisationId } })
      if (row === null) return DEFAULTS
      return {
        secondPersonActivatesRule: row.second_person_activate_rule,
        secondPersonPublishesAchievement: row.second_person_publish_achievement,
        secondPersonChangesKey: row.second_person_change_key,
        expertReviews: row.expert_reviews,
        expertReviewsOfMicroCredential: row.expert_reviews_micro_credential,
        secondPersonRevokesMany: row.second_person_bulk_revoke,
        deadRuleDays: row.dead_rule_days,
        expiryReminderDays: row.expiry_reminder_days,
        eventRetention: row.event_retention ?? undefined,
        revision: row.revision,
      }
    },
    change: async (organisationId, revision, to) => {
      const changed = await tx.$queryRaw<{ revision: number }[]>`
        INSERT INTO organisation_setting AS setting (
          organisation_id, second_person_activate_rule, second_person_publish_achievement, second_person_change_key,
          second_person_bulk_revoke, expiry_reminder_days, expert_reviews, expert_reviews_micro_credential, dead_rule_days,
          event_retention, revision)
        SELECT ${organisationId}::uuid, ${to.secondPersonActivatesRule}, ${to.secondPersonPublishesAchievement},
          ${to.secondPersonChangesKey}, ${to.secondPersonRevokesMany}, ${[...to.expiryReminderDays]}::int[],
          ${to.expertReviews}::int, ${to.expertReviewsOfMicroCredential}::int, ${to.deadRuleDays}::int,
          ${to.eventRetention ?? null}, 2
        WHERE ${revision}::int = 1 OR EXISTS (SELECT 1 FROM organisation_setting WHERE organisation_id = ${organisationId}::uuid)
        ON CONFLICT (organisation_id) DO UPDATE
        SET second_person_activate_rule = excluded.second_person_activate_rule,
            second_person_publish_achievement = excluded.second_person_publish_achievement,
            second_person_change_key = excluded.second_person_change_key,
            second_person_bulk_revoke = excluded.second_person_bulk_revoke,
            expiry_reminder_days = excluded.expiry_reminder_days,
            dead_rule_days = excluded.dead_rule_days,
            event_retention = excluded.event_retention,
            expert_reviews = excluded.expert_reviews,
            expert_reviews_micro_credential = excluded.expert_reviews_micro_credential,
            revision = setting.revision + 1
        WHERE setting.revision = ${revision}::int
        RETURNING revision`
      const [row] = changed
      return row === undefined ? undefined : { ...to, revision: row.revision }
    },
  }
}
