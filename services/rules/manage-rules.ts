import { actorOf, holdsRightSomewhere, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { checkRule, type RuleCheck } from '#engine/rules/check-rule.ts'
import { parseRule } from '#engine/rules/parse-rule.ts'
import { resolveRule } from '#engine/rules/resolve-rule.ts'
import type { RuleDocument, RuleWarning } from '#engine/rules/rule-document.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { AchievementId, LeafId, OrganisationId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { requireRight } from '#services/access/authorise.ts'
import { peopleOf } from '#services/access/person-of.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Rule, RuleVersion } from '#services/ports/rule-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { approversFor, fourEyesFaults } from './check-gates.ts'
import { ruleCatalogue } from './rule-catalogue.ts'

export interface ManageRulesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly addLeaf: AddLeaf
  readonly wakeUps: WakeUps
}

export interface RuleWithVersions {
  readonly rule: Rule
  readonly versions: readonly RuleVersion[]
}

export const createManageRules = (needs: ManageRulesNeeds) => {
  const { database, clock, random, hashes, audit, addLeaf, wakeUps } = needs

  const record = (stores: Stores, principal: Principal, rule: Rule, action: string) =>
    audit(stores, {
      organisationId: rule.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'rule',
      targetId: rule.id,
    })

  const draft = (principal: Principal, rule: Rule, version: number, document: Json): RuleVersion => ({
    organisationId: rule.organisationId,
    id: random.rowId() as RuleVersionId,
    ruleId: rule.id,
    version,
    state: 'draft',
    source: utf8(canonicalJson(document)),
    author: actorOf(principal),
  })

  return {
    /** Everything that is wrong with a document, and what looks odd. Saves nothing. */
    check: (principal: Principal, organisationId: OrganisationId, document: Json): Promise<RuleCheck> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const parsed = parseRule(document)
        if (!parsed.ok) return { faults: parsed.faults, warnings: [] }
        const approvers = await approversFor(stores, organisationId, parsed.document, clock.now())
        const catalogue = await ruleCatalogue(stores, organisationId, approvers)
        const { faults, warnings } = checkRule(parsed.document, catalogue)
        const hands = await peopleOf(stores, organisationId, [actorOf(principal)])
        return {
          faults: [...faults, ...fourEyesFaults(parsed.document, approvers, [...hands.values()])],
          warnings,
        }
      }),

    /** Makes a rule lineage with its first version, a draft. Throws `rule-invalid` with every fault. */
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: { readonly name: string; readonly document: Json },
    ): Promise<RuleWithVersions & { readonly warnings: readonly RuleWarning[] }> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievementId, warnings } = await accept(stores, principal, 'update', organisationId, {
          json: wanted.document,
          now: clock.now(),
        })
        const rule: Rule = {
          organisationId,
          id: random.rowId() as RuleId,
          achievementId,
          name: wanted.name,
          createdAt: clock.now(),
        }
        const version = draft(principal, rule, 1, wanted.document)
        await stores.rules.insert(rule)
        await stores.rules.insertVersion(version)
        await record(stores, principal, rule, 'rule.created')
        return { rule, versions: [version], warnings }
      }),

    /** Adds a version to a lineage: an edit never awards twice. It awards the same achievement for ever. */
    createVersion: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      document: Json,
    ): Promise<{ readonly version: RuleVersion; readonly warnings: readonly RuleWarning[] }> =>
      database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'update', id)
        const { achievementId, warnings } = await accept(stores, principal, 'update', organisationId, {
          json: document,
          now: clock.now(),
        })
        if (achievementId !== rule.achievementId)
          throw errors.conflict({ what: 'rule', reason: 'all its versions award the same achievement' })
        await stores.rules.lock(id)
        const versions = await stores.rules.versions(id)
        const version = draft(principal, rule, (versions.at(-1)?.version ?? 0) + 1, document)
        await stores.rules.insertVersion(version)
        await record(stores, principal, rule, 'rule.version_created')
        return { version, warnings }
      }),

    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly RuleWithVersions[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const rules = await stores.rules.list(organisationId)
        const versions = await stores.rules.versionsOf(organisationId)
        return rules.map((rule) => ({
          rule,
          versions: versions.filter((version) => version.ruleId === rule.id),
        }))
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: RuleId): Promise<RuleWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => ({
        rule: await ruleOf(stores, principal, 'read', id),
        versions: await stores.rules.versions(id),
      })),

    /**
     * Brings a draft into force: resolved, digested, anchored with the next batch, and every subject looked at anew,
     * so that events from before count too. The version that was in force retires.
     */
    activate: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
    ): Promise<RuleWithVersions> => {
      const activated = await database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'award', id)
        await stores.rules.lock(id)
        const version = (await stores.rules.versions(id)).find((each) => each.version === number)
        if (version === undefined) throw errors.notFound({ what: 'rule version', id: String(number) })
        if (version.state === 'active') return { rule, versions: await stores.rules.versions(id) }
        if (version.state !== 'draft' && version.state !== 'shadow')
          throw errors.conflict({ what: 'rule version', reason: `it is ${version.state}` })

        const { document: checked } = await accept(stores, principal, 'award', organisationId, {
          json: JSON.parse(new TextDecoder().decode(version.source)) as Json,
          now: clock.now(),
          author: version.author,
        })
        const { achievement, issuer } = await achievementOf(stores, principal, 'award', rule.achievementId)
        const [published] = await stores.achievements.published([achievement.id])
        if (published === undefined) throw errors.achievementNotPublished({ achievementId: achievement.id })

        const now = clock.now()
        const catalogue = await ruleCatalogue(stores, organisationId)
        const { canonical, digest } = resolveRule(checked, catalogue, { at: now, sha256: hashes.sha256 })
        const leafId = random.rowId() as LeafId
        const moved = await stores.rules.activate(version.id, {
          resolved: utf8(canonical),
          digest,
          achievementVersionId: published.id,
          approver: actorOf(principal),
          leafId,
          at: now,
        })
        if (!moved)
          throw errors.conflict({ what: 'rule version', reason: 'somebody else has just changed it' })
        await addLeaf(stores, {
          issuer,
          kind: 'rule-version',
          id: leafId,
          targetId: version.id,
          digest,
          at: now,
        })
        await stores.evaluation.rescanEverybody(organisationId, id, now)
        await record(stores, principal, rule, 'rule.activated')
        return { rule, versions: await stores.rules.versions(id) }
      })
      await wakeUps.wake('timers')
      return activated
    },

    /** Stops a rule from deciding. Events that come meanwhile are looked at when it resumes. */
    pause: (principal: Principal, organisationId: OrganisationId, id: RuleId): Promise<RuleWithVersions> =>
      database.inOrganisation(organisationId, (stores) => turn(stores, principal, id, 'active', 'paused')),

    resume: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
    ): Promise<RuleWithVersions> => {
      const resumed = await database.inOrganisation(organisationId, async (stores) => {
        const turned = await turn(stores, principal, id, 'paused', 'active')
        await stores.evaluation.rescanEverybody(organisationId, id, clock.now())
        return turned
      })
      await wakeUps.wake('timers')
      return resumed
    },
  }

  async function turn(
    stores: Stores,
    principal: Principal,
    id: RuleId,
    from: 'active' | 'paused',
    to: 'active' | 'paused',
  ) {
    const rule = await ruleOf(stores, principal, 'award', id)
    await stores.rules.lock(id)
    const version = (await stores.rules.versions(id)).find((each) => each.state === from)
    if (version === undefined || !(await stores.rules.move(version.id, from, to)))
      throw errors.conflict({ what: 'rule', reason: `no version of it is ${from}` })
    await record(stores, principal, rule, to === 'paused' ? 'rule.paused' : 'rule.resumed')
    return { rule, versions: await stores.rules.versions(id) }
  }
}

/** Takes a document that has no faults, for someone who may work on the achievement that it awards. */
async function accept(
  stores: Stores,
  principal: Principal,
  right: 'update' | 'award',
  organisationId: OrganisationId,
  { json, now, author }: { readonly json: Json; readonly now: Instant; readonly author?: string },
): Promise<{
  readonly document: RuleDocument
  readonly achievementId: AchievementId
  readonly warnings: readonly RuleWarning[]
}> {
  // On which unit the right counts, the document says; whoever holds it nowhere is told nothing of the document.
  if (!holdsRightSomewhere(principal, right, organisationId)) throw errors.forbidden({ right })
  const parsed = parseRule(json)
  if (!parsed.ok) throw errors.ruleInvalid({ faults: parsed.faults })
  const approvers = await approversFor(stores, organisationId, parsed.document, now)
  const catalogue = await ruleCatalogue(stores, organisationId, approvers)
  const { faults: found, warnings } = checkRule(parsed.document, catalogue)
  const hands = await peopleOf(stores, organisationId, [
    actorOf(principal),
    ...(author === undefined ? [] : [author]),
  ])
  const faults = [...found, ...fourEyesFaults(parsed.document, approvers, [...hands.values()])]
  if (faults.length > 0) throw errors.ruleInvalid({ faults })
  const achievementId = catalogue.achievements.get(parsed.document.achievement)?.id
  if (achievementId === undefined)
    throw errors.notFound({ what: 'achievement', id: parsed.document.achievement })
  await achievementOf(stores, principal, right, achievementId)
  return { document: parsed.document, achievementId, warnings }
}

async function ruleOf(
  stores: Stores,
  principal: Principal,
  right: 'read' | 'update' | 'award',
  id: RuleId,
): Promise<Rule> {
  const rule = await stores.rules.find(id)
  if (rule === undefined) throw errors.notFound({ what: 'rule', id })
  await achievementOf(stores, principal, right, rule.achievementId)
  return rule
}
