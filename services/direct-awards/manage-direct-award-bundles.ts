import { actorOf, type Principal } from '#engine/access/rights.ts'
import type { BundleUndoOutcome } from '#engine/direct-awards/bundle-undo.ts'
import { type DirectAwardPolicy, undoEnd } from '#engine/direct-awards/direct-award-schedule.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { AchievementId, DirectAwardBundleId, OrganisationId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import { publishedVersion } from '#services/achievements/review-steps.ts'
import { SAME_ID } from '#services/issuers/specimen.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type {
  BundleRow,
  DirectAwardBundle,
  RowFault,
  WantedRow,
} from '#services/ports/direct-award-bundle-store.ts'
import type { DirectAwardCounts } from '#services/ports/direct-award-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { isSourceIssuer, policyFor, strangeResults } from './offer-direct-award.ts'

/** A row of a list as it was read: what it asks for, or what is wrong with its form. */
export type RowInput =
  | { readonly ok: true; readonly wanted: WantedRow }
  | { readonly ok: false; readonly faults: readonly RowFault[] }

export interface WantedBundle {
  readonly achievementId: AchievementId
  readonly name: string
  readonly rows: readonly RowInput[]
  readonly language?: string
  readonly message?: string
  readonly scheduledAt?: Instant
  readonly policy: Partial<DirectAwardPolicy>
}

export interface BundleOverview {
  readonly bundle: DirectAwardBundle
  /** Of what was awarded, by the state in which it is now. */
  readonly counts: DirectAwardCounts
  /** Until when some of it can be undone; nobody has yet, and there is something to undo. */
  readonly undoUntil?: Instant
  /** Of what was awarded, once somebody undoes it. */
  readonly undoCounts?: Readonly<Record<BundleUndoOutcome, number>>
}

export const createManageDirectAwardBundles = ({
  database,
  clock,
  random,
  audit,
  wakeUps,
}: Pick<DirectAwardNeeds, 'database' | 'clock' | 'random' | 'audit' | 'wakeUps'>) => {
  const prepared = async (stores: Stores, principal: Principal, { achievementId, rows }: WantedBundle) => {
    const { issuer } = await achievementOf(stores, principal, 'award', achievementId)
    const version = await publishedVersion(stores, achievementId)
    return { issuer, version, checked: await checkRows(stores, version, rows) }
  }

  const overview = async (stores: Stores, bundle: DirectAwardBundle): Promise<BundleOverview> => {
    const until = undoUntil(bundle, clock.now())
    return {
      bundle,
      counts: await stores.directAwards.counts(bundle.organisationId, { bundleId: bundle.id }),
      ...(bundle.undo === undefined && until > clock.now() && bundle.refused < bundle.total
        ? { undoUntil: until }
        : {}),
      ...(bundle.undo === undefined
        ? {}
        : { undoCounts: await stores.directAwardBundles.undoCounts(bundle.id) }),
    }
  }

  const found = async (
    stores: Stores,
    principal: Principal,
    right: 'read' | 'award',
    id: DirectAwardBundleId,
  ): Promise<DirectAwardBundle> => {
    const bundle = await stores.directAwardBundles.find(id)
    if (bundle === undefined) throw errors.notFound({ what: 'direct award bundle', id })
    await requireRightOnAchievement(stores, principal, right, bundle.organisationId, bundle.achievementId)
    return bundle
  }

  return {
    /** What would become of each row. Writes nothing. Throws `not-found`, `forbidden`, `achievement-not-published`. */
    preview: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: WantedBundle,
    ): Promise<readonly BundleRow[]> =>
      database.inOrganisation(
        organisationId,
        async (stores) => (await prepared(stores, principal, wanted)).checked,
      ),

    /**
     * Takes a list: rows at fault are refused at once, the others are awarded one after the other.
     * Throws `not-found`, `forbidden`, `achievement-not-published`.
     */
    start: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: WantedBundle,
    ): Promise<BundleOverview> => {
      const started = await database.inOrganisation(organisationId, async (stores) => {
        const { issuer, version, checked } = await prepared(stores, principal, wanted)
        const now = clock.now()
        const { rows, policy, ...rest } = wanted
        const refused = checked.filter(({ state }) => state === 'refused').length
        const bundle: DirectAwardBundle = {
          ...rest,
          organisationId,
          id: random.rowId() as DirectAwardBundleId,
          issuerId: issuer.id,
          achievementVersionId: version.id,
          state: refused === rows.length ? 'done' : 'running',
          policy: await policyFor(stores, organisationId, policy),
          total: rows.length,
          awarded: 0,
          refused,
          createdBy: actorOf(principal),
          createdAt: now,
          ...(refused === rows.length ? { finishedAt: now } : {}),
        }
        await stores.directAwardBundles.insert(bundle, checked)
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'direct_award_bundle.started',
          targetType: 'direct_award_bundle',
          targetId: bundle.id,
          detail: { total: bundle.total, refused },
        })
        return overview(stores, bundle)
      })
      await wakeUps.wake('direct_awards')
      return started
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<BundleOverview>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const { items, next } = await stores.directAwardBundles.list(organisationId, page, among)
        const overviews: BundleOverview[] = []
        for (const bundle of items) overviews.push(await overview(stores, bundle))
        return next === undefined ? { items: overviews } : { items: overviews, next }
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardBundleId,
    ): Promise<BundleOverview> =>
      database.inOrganisation(organisationId, async (stores) =>
        overview(stores, await found(stores, principal, 'read', id)),
      ),

    /** In the order of the list, behind a number. */
    rows: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardBundleId,
      filter: { readonly state?: BundleRow['state']; readonly after: number; readonly limit: number },
    ): Promise<readonly BundleRow[]> =>
      database.inOrganisation(organisationId, async (stores) =>
        stores.directAwardBundles.rows((await found(stores, principal, 'read', id)).id, filter),
      ),

    /**
     * Undoes a whole list: what waits is not awarded any more, and each direct award that is not claimed and still has its
     * time is taken away, one after the other. Each row says what became of it.
     * Throws `not-found`, `forbidden`, `direct-award-bundle-undo-over`, `direct-award-bundle-undone`.
     */
    undo: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardBundleId,
    ): Promise<BundleOverview> => {
      const undoing = await database.inOrganisation(organisationId, async (stores) => {
        const { id: known } = await found(stores, principal, 'award', id)
        const bundle = await stores.directAwardBundles.lock(known)
        if (bundle === undefined) throw errors.notFound({ what: 'direct award bundle', id })
        const { undo, state } = bundle
        if (undo !== undefined)
          throw errors.bundleUndone({ state: undo.doneAt === undefined ? 'undoing' : 'undone', possible: [] })
        const now = clock.now()
        const until = undoUntil(bundle, now)
        if (until <= now) throw errors.bundleUndoOver({ until: formatInstant(until), state, possible: [] })
        const askedBy = actorOf(principal)
        await stores.directAwardBundles.askUndo(bundle, { askedAt: now, askedBy }, UNDONE)
        await audit(stores, {
          organisationId,
          at: now,
          actor: askedBy,
          action: 'direct_award_bundle.undo_asked',
          targetType: 'direct_award_bundle',
          targetId: id,
        })
        return overview(stores, (await stores.directAwardBundles.find(id)) ?? bundle)
      })
      await wakeUps.wake('direct_awards')
      return undoing
    },
  }
}

/** What can be known before anything is awarded: results of no description, the same person twice, an open offer. */
async function checkRows(
  stores: Stores,
  version: PublishedVersion,
  rows: readonly RowInput[],
): Promise<readonly BundleRow[]> {
  const identifiers = rows.flatMap((row) => (row.ok ? [row.wanted.identifier] : []))
  const achievement = await stores.achievements.find(version.achievementId)
  const issuer = achievement && (await stores.issuers.find(achievement.issuerId))
  const open = await stores.directAwards.openAmong(version.organisationId, version.achievementId, identifiers)
  const seen = new Set<string>()
  return rows.map((row, at): BundleRow => {
    const number = at + 1
    if (!row.ok) return { number, state: 'refused', faults: row.faults }
    const { identifier, results } = row.wanted
    const text = identifierText(identifier)
    const faults: RowFault[] = strangeResults(version, results).map((place) => ({
      column: `result:${results?.[place]?.resultDescription ?? place}`,
      code: 'result-unknown',
      message:
        'This is no result description of the achievement, or its value is none that this result can have.',
    }))
    if (issuer !== undefined && isSourceIssuer(issuer, row.wanted.particulars))
      faults.push({ column: 'particulars', ...SAME_ID })
    if (seen.has(text))
      faults.push({
        column: 'identifier',
        code: 'identifier-twice',
        message: 'This person stands in the list before.',
      })
    else if (open.has(text)) faults.push(OPEN)
    seen.add(text)
    return faults.length > 0
      ? { number, state: 'refused', faults }
      : { number, state: 'waiting', wanted: row.wanted }
  })
}

/** That of its last row, which may be awarded only now. */
const undoUntil = ({ finishedAt, policy }: DirectAwardBundle, now: Instant): Instant =>
  undoEnd(finishedAt ?? now, policy)

const UNDONE: RowFault = {
  column: 'identifier',
  code: 'list-undone',
  message: 'The list was undone before this row was awarded.',
}

export const OPEN: RowFault = {
  column: 'identifier',
  code: 'direct-award-open',
  message: 'The badge is on offer to this person already.',
}
