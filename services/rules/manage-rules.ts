import { actorOf, holdsRightSomewhere, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { checkRule } from '#engine/rules/check/check-rule.ts'
import type { RuleWarningCode } from '#engine/rules/check/rule-faults.ts'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import { resolveRule } from '#engine/rules/document/resolve-rule.ts'
import type { RuleDocument, RuleFault, RuleWarning } from '#engine/rules/document/rule-document.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { AchievementId, LeafId, OrganisationId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightSomewhere } from '#services/access/authorise.ts'
import { peopleOf } from '#services/access/person-of.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import { publishedVersion } from '#services/achievements/review-steps.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { StartJob } from '#services/job-control/start-job.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Rule, RuleVersion } from '#services/ports/rule-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { approversFor, fourEyesFaults } from './check-gates.ts'
import { deadLeafWarnings } from './dead-leaves.ts'
import { ruleCatalogue } from './rule-catalogue.ts'
import { noVersionIs, ruleState } from './rule-state.ts'

export interface ManageRulesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly addLeaf: AddLeaf
  readonly startJob: StartJob
  readonly wakeUps: WakeUps
}

export interface RuleWithVersions {
  readonly rule: Rule
  readonly versions: readonly RuleVersion[]
  /** The job that looks at events from before, where the call has started one. */
  readonly backfill?: Job
}

/** What `check` finds; a draft is also held against what the organisation's sources have sent of late. */
export interface RuleCheck {
  readonly faults: readonly RuleFault[]
  readonly warnings: readonly RuleFault<RuleWarningCode>[]
}

export interface Activation {
  /** Whether events from before count too: everybody is looked at anew. */
  readonly backfill: boolean
}

export const createManageRules = (needs: ManageRulesNeeds) => {
  const { database, clock, random, hashes, audit, addLeaf, startJob, wakeUps } = needs

  const record = (stores: Stores, principal: Principal, rule: Rule, action: string, detail?: JsonObject) =>
    audit(stores, {
      organisationId: rule.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'rule',
      targetId: rule.id,
      ...(detail === undefined ? {} : { detail }),
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
        requireRightSomewhere(principal, 'read', organisationId)
        const parsed = parseRule(document)
        if (!parsed.ok) return { faults: parsed.faults, warnings: [] }
        const now = clock.now()
        const approvers = await approversFor(stores, organisationId, parsed.document, now)
        const catalogue = await ruleCatalogue(stores, organisationId, { approvers, now })
        const checked = checkRule(parsed.document, catalogue)
        const hands = await peopleOf(stores, organisationId, [actorOf(principal)])
        const faults = [...checked.faults, ...fourEyesFaults(parsed.document, approvers, [...hands.values()])]
        if (faults.length > 0) return { faults, warnings: checked.warnings }
        const { deadRuleDays: days } = await stores.settings.find(organisationId)
        const setting = { now, days, hashes, catalogue }
        const dead = await deadLeafWarnings(stores, organisationId, parsed.document, setting)
        return { faults, warnings: [...checked.warnings, ...dead] }
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

    /** Those of achievements that the caller may read. Throws `forbidden` where that is none anywhere. */
    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly RuleWithVersions[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const all = await stores.rules.list(organisationId)
        const rules =
          among === undefined ? all : all.filter(({ achievementId }) => among.includes(achievementId))
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
     * Brings a draft into force: resolved, digested, anchored with the next batch, and everybody looked at anew by a
     * job, so that events from before count too. The version that was in force retires.
     * Throws `second-person-needed` where the organisation wants one.
     */
    activate: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
      activation: Activation = { backfill: true },
    ): Promise<RuleWithVersions> => {
      const activated = await database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'award', id)
        await stores.rules.lock(id)
        const version = await versionOf(stores, id, number)
        if (version.state === 'active') return { rule, versions: await stores.rules.versions(id) }
        if (version.state !== 'draft' && version.state !== 'shadow') throw ruleState(version.state)
        return bringIntoForce(stores, principal, rule, version, activation)
      })
      await wakeUps.wake('jobs')
      return activated
    },

    /**
     * Brings back what an earlier version said, as a new version, in one step: history stays, and numbers only grow.
     * Its author stays the author, so that where a second person is needed it is not the one who wrote it.
     */
    rollBack: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
      activation: Activation = { backfill: true },
    ): Promise<RuleWithVersions> => {
      const rolledBack = await database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'award', id)
        await stores.rules.lock(id)
        const earlier = await versionOf(stores, id, number)
        if (earlier.state !== 'retired')
          throw ruleState(
            earlier.state,
            `it is ${earlier.state}; one that was in force before can be brought back`,
          )
        const latest = (await stores.rules.versions(id)).at(-1)?.version ?? 0
        const version: RuleVersion = {
          organisationId,
          id: random.rowId() as RuleVersionId,
          ruleId: id,
          version: latest + 1,
          state: 'draft',
          source: earlier.source,
          author: earlier.author,
        }
        await stores.rules.insertVersion(version)
        await record(stores, principal, rule, 'rule.rolled_back', { to: number, version: version.version })
        return bringIntoForce(stores, principal, rule, version, activation)
      })
      await wakeUps.wake('jobs')
      return rolledBack
    },

    /** Stops a rule from deciding. Events that come meanwhile are looked at when it resumes. */
    pause: (principal: Principal, organisationId: OrganisationId, id: RuleId): Promise<RuleWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { rule, version } = await turn(stores, principal, id, 'active', 'paused')
        await stores.rules.markPaused(version.id, clock.now())
        return { rule, versions: await stores.rules.versions(id) }
      }),

    /**
     * Lets it decide again. A backfill looks at what came meanwhile; what was taken back meanwhile is taken from under its
     * awards, as if it were taken back now.
     */
    resume: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
    ): Promise<RuleWithVersions> => {
      const resumed = await database.inOrganisation(organisationId, async (stores) => {
        const { rule, version } = await turn(stores, principal, id, 'paused', 'active')
        await requireGiven(stores, version)
        await stores.rules.markResumed(version.id, clock.now())
        const backfill = await startBackfill(stores, principal, version, version.pausedAt)
        return { rule, versions: await stores.rules.versions(id), backfill }
      })
      await wakeUps.wake('jobs')
      return resumed
    },
  }

  async function bringIntoForce(
    stores: Stores,
    principal: Principal,
    rule: Rule,
    version: RuleVersion,
    activation: Activation,
  ): Promise<RuleWithVersions> {
    const { organisationId } = rule
    await requireSecondPerson(stores, principal, version)
    const now = clock.now()
    const { document: checked } = await accept(stores, principal, 'award', organisationId, {
      json: JSON.parse(new TextDecoder().decode(version.source)) as Json,
      now,
      author: version.author,
    })
    const { achievement, issuer } = await achievementOf(stores, principal, 'award', rule.achievementId)
    // Nobody ends the version meanwhile: who does waits for this lock, and then sees the rule.
    await stores.achievements.lock(achievement.id)
    const published = await publishedVersion(stores, achievement.id)

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
    if (!moved) throw errors.conflict({ what: 'rule version', reason: 'somebody else has just changed it' })
    await addLeaf(stores, {
      issuer,
      kind: 'rule-version',
      id: leafId,
      targetId: version.id,
      digest,
      at: now,
    })
    const backfill = activation.backfill ? await startBackfill(stores, principal, version) : undefined
    await record(stores, principal, rule, 'rule.activated', {
      version: version.version,
      backfill: backfill?.id ?? null,
    })
    const versions = await stores.rules.versions(rule.id)
    return { rule, versions, ...(backfill === undefined ? {} : { backfill }) }
  }

  function startBackfill(
    stores: Stores,
    principal: Principal,
    version: RuleVersion,
    missedSince?: Instant,
  ): Promise<Job> {
    return startJob(stores, {
      organisationId: version.organisationId,
      kind: 'backfill',
      ruleId: version.ruleId,
      ruleVersionId: version.id,
      input: missedSince === undefined ? {} : { missedSince },
      createdBy: actorOf(principal),
    })
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
    const versions = await stores.rules.versions(id)
    const version = versions.find((each) => each.state === from)
    if (version === undefined || !(await stores.rules.move(version.id, from, to)))
      throw noVersionIs(from, versions)
    await record(stores, principal, rule, to === 'paused' ? 'rule.paused' : 'rule.resumed')
    return { rule, version }
  }
}

/** Four eyes: whoever activates is a person who signed in, and not the one who wrote it. */
async function requireSecondPerson(
  stores: Stores,
  principal: Principal,
  { organisationId, author }: RuleVersion,
): Promise<void> {
  const { secondPersonActivatesRule } = await stores.settings.find(organisationId)
  if (!secondPersonActivatesRule) return
  // A key speaks for whoever made it: writing with one's own key and signing in to activate is one person.
  const activator = actorOf(principal)
  const people = await peopleOf(stores, organisationId, [activator, author])
  if (principal.kind !== 'session' || people.get(activator) === people.get(author))
    throw errors.secondPersonNeeded({ right: 'award' })
}

/** What was ended while its rule was paused is not given again. One that gave way to a newer version still is. */
async function requireGiven(stores: Stores, { achievementVersionId }: RuleVersion): Promise<void> {
  if (achievementVersionId === undefined) return
  const before = await stores.achievements.version(achievementVersionId)
  if (before === undefined) return
  await stores.achievements.lock(before.achievementId)
  const version = await stores.achievements.version(achievementVersionId)
  if (version !== undefined && 'end' in version && version.end !== undefined)
    throw errors.conflict({
      what: 'rule',
      reason: `its version of the achievement is ${version.state}; bring the rule into force anew`,
      state: 'paused',
      possible: ['activate'],
    })
}

/** Throws `not-found`. */
export async function versionOf(stores: Stores, id: RuleId, number: number): Promise<RuleVersion> {
  const version = (await stores.rules.versions(id)).find((each) => each.version === number)
  if (version === undefined) throw errors.notFound({ what: 'rule version', id: String(number) })
  return version
}

/** Takes a document that has no faults, for someone who may work on the achievement that it awards. */
export async function accept(
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
  const catalogue = await ruleCatalogue(stores, organisationId, { approvers, now })
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

export async function ruleOf(
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
