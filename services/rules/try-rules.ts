import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import { resolveRule } from '#engine/rules/document/resolve-rule.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { achievementTitles } from '#services/achievements/achievement-titles.ts'
import { publishedVersion } from '#services/achievements/review-steps.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { StartJob } from '#services/job-control/start-job.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision, ShadowComparison } from '#services/ports/evaluation-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { Rule, RuleVersion } from '#services/ports/rule-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { type ComparedVersion, compareVersions, type RuleComparison } from './compare-versions.ts'
import { draftRule } from './draft-rule-set.ts'
import type { DryRunInput } from './dry-run-job.ts'
import { accept, type RuleWithVersions, ruleOf, versionOf } from './manage-rules.ts'
import { readResolvedRule, ruleCatalogue } from './rule-catalogue.ts'
import { ruleState } from './rule-state.ts'
import { traceLeaves } from './trace-leaves.ts'

export interface TryRulesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly startJob: StartJob
  readonly wakeUps: WakeUps
}

/** A document, a version that exists, or a document as the next version of a rule. */
export interface DryRunOf {
  readonly document?: Json
  readonly ruleId?: RuleId
  readonly version?: number
  readonly from?: Instant
  readonly to?: Instant
}

export interface ShadowReport {
  readonly version: RuleVersion
  readonly since: Instant
  readonly comparison: ShadowComparison
  readonly decisions: Page<Decision>
}

/** What can be learned about a rule before it decides: by past events, beside live ones, and beside another version. */
export const createTryRules = (needs: TryRulesNeeds) => {
  const { database, clock, random, hashes, audit, startJob, wakeUps } = needs
  const record = (stores: Stores, principal: Principal, rule: Rule, action: string, detail: JsonObject) =>
    audit(stores, {
      organisationId: rule.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'rule',
      targetId: rule.id,
      detail,
    })

  return {
    /**
     * Starts a job that goes through everybody's past events with the document, and with the active version beside it.
     * Throws `rule-invalid`, `conflict` where the document awards something else than its rule, and `invalid-request` where
     * it would look at no event.
     */
    dryRun: async (principal: Principal, organisationId: OrganisationId, of: DryRunOf): Promise<Job> => {
      const job = await database.inOrganisation(organisationId, async (stores) => {
        const rule =
          of.ruleId === undefined ? undefined : await ruleOf(stores, principal, 'update', of.ruleId)
        const version =
          rule === undefined || of.version === undefined
            ? undefined
            : await versionOf(stores, rule.id, of.version)
        const json = of.document ?? (version && sourceOf(version))
        if (json === undefined) throw errors.notFound({ what: 'rule version' })
        const { document, achievementId } = await accept(stores, principal, 'update', organisationId, {
          json,
          now: clock.now(),
        })
        if (rule !== undefined && rule.achievementId !== achievementId)
          throw errors.conflict({ what: 'rule', reason: 'all its versions award the same achievement' })

        const now = clock.now()
        const until = of.to ?? now
        if (of.from !== undefined && of.from > until) throw rangeEmpty(of)
        const catalogue = await ruleCatalogue(stores, organisationId)
        const active = rule === undefined ? undefined : await activeOf(stores, rule.id)
        const ruleId = rule?.id ?? random.rowId()
        const input: DryRunInput = {
          ruleId,
          draft: resolveRule(document, catalogue, { at: now, sha256: hashes.sha256 }).canonical,
          titles: await achievementTitles(stores, organisationId),
          until,
          ...(of.from === undefined ? {} : { from: of.from }),
          ...(active === undefined ? {} : { active }),
        }
        const started = await startJob(stores, {
          organisationId,
          kind: 'dry_run',
          ...(rule === undefined ? {} : { ruleId: rule.id }),
          ...(version === undefined ? {} : { ruleVersionId: version.id }),
          input: input as unknown as JsonObject,
          createdBy: actorOf(principal),
          rounds: namesPeople(document.recipient, active) ? 2 : 1,
        })
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'rule.dry_run_started',
          targetType: 'job',
          targetId: started.id,
        })
        return started
      })
      await wakeUps.wake('jobs')
      return job
    },

    /** Lets a draft look at live events and say what it would award; nobody gets anything by it. */
    startShadow: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
      backfill: boolean,
    ): Promise<RuleWithVersions> => {
      const started = await database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'update', id)
        await stores.rules.lock(id)
        const version = await versionOf(stores, id, number)
        if (version.state === 'shadow') return { rule, versions: await stores.rules.versions(id) }
        const { document } = await accept(stores, principal, 'update', organisationId, {
          json: sourceOf(version),
          now: clock.now(),
        })
        const published = await publishedVersion(stores, rule.achievementId)
        const at = clock.now()
        const catalogue = await ruleCatalogue(stores, organisationId)
        const { canonical, digest } = resolveRule(document, catalogue, { at, sha256: hashes.sha256 })
        const resolution = { resolved: utf8(canonical), digest, achievementVersionId: published.id, at }
        if (!(await stores.rules.startShadow(version.id, resolution))) throw ruleState(version.state)
        const job = backfill
          ? await startJob(stores, {
              organisationId,
              kind: 'backfill',
              ruleId: id,
              ruleVersionId: version.id,
              input: {},
              createdBy: actorOf(principal),
            })
          : undefined
        await record(stores, principal, rule, 'rule.shadow_started', { version: number })
        const versions = await stores.rules.versions(id)
        return { rule, versions, ...(job === undefined ? {} : { backfill: job }) }
      })
      await wakeUps.wake('jobs')
      return started
    },

    /** Makes it a draft again. What it would have awarded stays on record. */
    endShadow: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
    ): Promise<RuleWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'update', id)
        await stores.rules.lock(id)
        const version = await versionOf(stores, id, number)
        if (!(await stores.rules.move(version.id, 'shadow', 'draft')))
          throw ruleState(version.state, `it is ${version.state}, not in shadow`)
        await record(stores, principal, rule, 'rule.shadow_ended', { version: number })
        return { rule, versions: await stores.rules.versions(id) }
      }),

    /** What a version decided in shadow, beside what the active version decided since then. */
    shadowReport: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      number: number,
      page: PageRequest,
    ): Promise<ShadowReport> =>
      database.inOrganisation(organisationId, async (stores) => {
        await ruleOf(stores, principal, 'read', id)
        const version = await versionOf(stores, id, number)
        if (version.shadowSince === undefined) throw ruleState(version.state, 'it was never in shadow')
        const shadow = { ruleVersionId: version.id, since: version.shadowSince }
        const filter = { ruleVersionId: version.id, outcome: 'would_award' as const }
        return {
          version,
          since: version.shadowSince,
          comparison: await stores.evaluation.compareShadow(organisationId, id, shadow),
          decisions: await stores.evaluation.listDecisions(organisationId, page, filter),
        }
      }),

    compare: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RuleId,
      { from, to }: { readonly from: number; readonly to: number },
    ): Promise<RuleComparison> =>
      database.inOrganisation(organisationId, async (stores) => {
        const rule = await ruleOf(stores, principal, 'read', id)
        return compareVersions(
          await comparedVersion(stores, rule, await versionOf(stores, id, from)),
          await comparedVersion(stores, rule, await versionOf(stores, id, to)),
        )
      }),
  }

  async function comparedVersion(stores: Stores, rule: Rule, version: RuleVersion): Promise<ComparedVersion> {
    const source = sourceOf(version)
    const resolved = version.resolved ?? (await resolveNow(stores, rule, source))
    const { ruleSet, ruleId } = draftRule(rule.id, readResolvedRule(resolved), hashes)
    const question = { now: clock.now(), subjectId: NOBODY, states: new Map(), holdings: [] }
    const trace = progress(ruleSet, ruleId, question)?.trace
    return { source, leaves: trace === undefined ? [] : traceLeaves(trace) }
  }

  async function resolveNow(stores: Stores, { organisationId }: Rule, source: Json): Promise<Uint8Array> {
    const parsed = parseRule(source)
    if (!parsed.ok) throw errors.ruleInvalid({ faults: parsed.faults })
    const catalogue = await ruleCatalogue(stores, organisationId)
    return utf8(resolveRule(parsed.document, catalogue, { at: clock.now(), sha256: hashes.sha256 }).canonical)
  }
}

/** Whether one of the two rules awards those whom events name: then it has to be found out first who that is. */
const namesPeople = (recipient: string, active: DryRunInput['active']): boolean =>
  [recipient, ...(active === undefined ? [] : [readResolvedRule(utf8(active.resolved)).recipient])].some(
    (path) => path !== ACTOR,
  )

/** Whose progress with nothing names the parts of a rule. */
const NOBODY = 'nobody' as SubjectId

/** No event would be looked at, and the answer would say that nobody gets the badge. */
const rangeEmpty = ({ to }: DryRunOf) =>
  errors.invalidRequest({
    errors: [
      to === undefined
        ? { in: 'body', pointer: '/from', code: 'invalid-time', message: 'is in the future' }
        : { in: 'body', pointer: '/to', code: 'invalid-time', message: 'is before from' },
    ],
  })

const sourceOf = ({ source }: RuleVersion): Json => JSON.parse(new TextDecoder().decode(source)) as Json

async function activeOf(stores: Stores, id: RuleId): Promise<DryRunInput['active']> {
  const version = (await stores.rules.versions(id)).find(
    ({ state }) => state === 'active' || state === 'paused',
  )
  if (version?.resolved === undefined) return undefined
  return { version: version.version, resolved: new TextDecoder().decode(version.resolved) }
}
