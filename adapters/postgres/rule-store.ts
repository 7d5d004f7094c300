import type {
  AchievementId,
  AchievementVersionId,
  LeafId,
  OrganisationId,
  RuleId,
  RuleVersionId,
} from '#engine/shared/ids.ts'
import type { rule as RuleRow, rule_version as VersionRow } from '#prisma'
import type { Rule, RuleStore, RuleVersion } from '#services/ports/rule-store.ts'
import { bytes, date, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function ruleStore(tx: Transaction): RuleStore {
  return {
    insert: async ({ organisationId, id, achievementId, name, createdAt }) => {
      await tx.rule.create({
        data: {
          organisation_id: organisationId,
          id,
          achievement_id: achievementId,
          name,
          created_at: date(createdAt),
        },
      })
    },
    // Not FOR UPDATE: that would also hold up every award of the rule, which refers to it.
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM rule WHERE id = ${id}::uuid FOR NO KEY UPDATE`
    },
    find: async (id) => {
      const row = await tx.rule.findUnique({ where: { id } })
      return row === null ? undefined : toRule(row)
    },
    list: async (organisationId) =>
      (
        await tx.rule.findMany({ where: { organisation_id: organisationId }, orderBy: { created_at: 'asc' } })
      ).map(toRule),
    insertVersion: async (version) => {
      await tx.rule_version.create({
        data: {
          organisation_id: version.organisationId,
          id: version.id,
          rule_id: version.ruleId,
          version: version.version,
          state: version.state,
          source: bytes(version.source),
          author: version.author,
        },
      })
    },
    versions: async (ruleId) =>
      (await tx.rule_version.findMany({ where: { rule_id: ruleId }, orderBy: { version: 'asc' } })).map(
        toVersion,
      ),
    findVersion: async (id) => {
      const row = await tx.rule_version.findUnique({ where: { id } })
      return row === null ? undefined : toVersion(row)
    },
    versionsOf: async (organisationId) =>
      (
        await tx.rule_version.findMany({
          where: { organisation_id: organisationId },
          orderBy: { version: 'asc' },
        })
      ).map(toVersion),
    move: async (id, from, to) => {
      const { count } = await tx.rule_version.updateMany({ where: { id, state: from }, data: { state: to } })
      return count === 1
    },
    markPaused: async (id, at) => {
      await tx.rule_version.updateMany({ where: { id, paused_at: null }, data: { paused_at: date(at) } })
    },
    markResumed: async (id, at) => {
      await tx.rule_version.update({ where: { id }, data: { resumed_at: date(at) } })
    },
    startShadow: async (id, { resolved, digest, achievementVersionId, at }) => {
      const { count } = await tx.rule_version.updateMany({
        where: { id, state: 'draft' },
        data: {
          state: 'shadow',
          resolved: bytes(resolved),
          digest: bytes(digest),
          achievement_version_id: achievementVersionId,
          shadow_since: date(at),
        },
      })
      return count === 1
    },
    activate: async (id, { resolved, digest, achievementVersionId, approver, leafId, at }) => {
      const draft = await tx.rule_version.findUnique({ where: { id } })
      if (draft === null) return false
      // One version of a lineage is in force: the one before it retires.
      await tx.rule_version.updateMany({
        where: { rule_id: draft.rule_id, state: { in: ['active', 'paused'] }, NOT: { id } },
        data: { state: 'retired' },
      })
      const { count } = await tx.rule_version.updateMany({
        where: { id, state: { in: ['draft', 'shadow'] } },
        data: {
          state: 'active',
          resolved: bytes(resolved),
          digest: bytes(digest),
          achievement_version_id: achievementVersionId,
          approver,
          leaf_id: leafId,
          activated_at: date(at),
        },
      })
      return count === 1
    },
    inForce: async (organisationIds) => {
      const versions = await tx.rule_version.findMany({
        where: { organisation_id: { in: [...organisationIds] }, state: { in: ['active', 'shadow'] } },
        orderBy: { id: 'asc' },
      })
      const rules = await tx.rule.findMany({
        where: { id: { in: versions.map((version) => version.rule_id) } },
      })
      const achievementOf = new Map(rules.map((rule) => [rule.id, rule.achievement_id as AchievementId]))
      const ending = await tx.$queryRaw<{ id: string; valid_for: string }[]>`
        SELECT id::text, definition->>'validFor' AS valid_for FROM achievement_version
        WHERE id = ANY(${versions.flatMap((version) => version.achievement_version_id ?? [])}::uuid[])
          AND definition->>'validFor' IS NOT NULL`
      const validFor = new Map(ending.map((row) => [row.id, row.valid_for]))
      return versions.flatMap((row) => {
        const achievementId = achievementOf.get(row.rule_id)
        if (achievementId === undefined) return []
        const end = validFor.get(row.achievement_version_id ?? '')
        return [{ ...toVersion(row), achievementId, ...(end === undefined ? {} : { validFor: end }) }]
      })
    },
  }
}

const toRule = (row: RuleRow): Rule => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as RuleId,
  achievementId: row.achievement_id as AchievementId,
  name: row.name,
  createdAt: instant(row.created_at),
})

const toVersion = (row: VersionRow): RuleVersion => ({
  ...known({
    resolved: row.resolved,
    digest: row.digest,
    achievementVersionId: row.achievement_version_id as AchievementVersionId | null,
    approver: row.approver,
    leafId: row.leaf_id as LeafId | null,
    activatedAt: instantOrNull(row.activated_at),
    shadowSince: instantOrNull(row.shadow_since),
    pausedAt: instantOrNull(row.paused_at),
    resumedAt: instantOrNull(row.resumed_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as RuleVersionId,
  ruleId: row.rule_id as RuleId,
  version: row.version,
  state: row.state as RuleVersion['state'],
  source: row.source,
  author: row.author,
})
