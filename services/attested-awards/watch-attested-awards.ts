import { foldCase } from '#engine/attested-awards/attested-case.ts'
import { attestedErrors } from '#engine/attested-awards/attested-errors.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { attestedFact } from '#engine/events/fact-events.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { personById } from '#services/facts/fact-people.ts'
import type { RecordFacts } from '#services/facts/record-facts.ts'
import type { AttestedChain, ChainCaseEvent } from '#services/ports/attested-chain.ts'
import type { CaseWithRule } from '#services/ports/attested-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface WatchAttestedAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly attestedChain: AttestedChain
  readonly recordFacts: RecordFacts
  readonly wakeUps: WakeUps
  readonly log: Log
}

const PASS_SIZE = 100
/** Blocks read in one pass: after it the cursor is kept. */
const BLOCKS_A_PASS = 10_000

/**
 * The watcher: reads what AttestedAward has said in final blocks, and enters an award as a fact about its person.
 *
 * 1. A case that is new here is read from the contract as it stands at the last final block: it may have been attested
 *    elsewhere before.
 * 2. From there on its events are folded, in the transaction that moves the cursor. A case knows the block that it was
 *    read at, so that no event counts twice.
 * 3. What the contract has awarded becomes a fact of the person, under an id that follows from rule and commitment.
 *
 * While no award is possible nothing is asked of the chain.
 */
export const createWatchAttestedAwards = (needs: WatchAttestedAwardsNeeds) => {
  const { database, attestedChain, wakeUps, log } = needs
  return async (): Promise<{ readonly more: boolean }> => {
    const more = await readChain()
    const awarded = await database.asWorker((stores) => stores.attested.unenteredCases(PASS_SIZE))
    let entered = 0
    for (const found of awarded) {
      try {
        await enter(needs, found)
        entered++
        log.info('attested.entered', { case: found.case.id, rule: found.rule.hash })
      } catch (error) {
        // One that cannot be entered holds up no other; it is tried again with the next sweep.
        log.error('attested.not_entered', { case: found.case.id, error })
      }
    }
    if (entered > 0) await wakeUps.wake('evaluate')
    return { more: more || entered === PASS_SIZE }
  }

  async function readChain(): Promise<boolean> {
    const at = attestedChain.address
    const { cursor, unread, oldest } = await database.asWorker(async (stores) => {
      const cursor = await stores.attested.cursor(at)
      const unread = await stores.attested.unreadCases(at, PASS_SIZE)
      return { cursor, unread, oldest: await stores.attested.oldestOpenBlock(at, cursor?.blockTime) }
    })
    if (unread.length === 0 && oldest === undefined) return false
    if (!(await isThere(attestedChain))) return false
    const final = await attestedChain.lastFinal()
    if (final === undefined) return false

    if (cursor !== undefined && final.block < cursor.block) {
      log.warn('attested.chain_shorter', { final: final.block, read: cursor.block })
      await database.asWorker(async (stores) => {
        const back = { block: final.block, blockTime: final.time }
        if (await stores.attested.moveCursor(at, cursor.block, back))
          await stores.attested.forgetAfter(at, final.block)
      })
      return true
    }

    // 1. New cases.
    for (const { rule, case: found } of unread) {
      const state = await attestedChain.caseAt(rule.hash, found.commitment, final.block)
      await database.asWorker(async (stores) => {
        // Another watcher may be further already: what lies between would be read by nobody.
        const held = await stores.attested.cursor(at)
        if (held !== undefined && held.block > final.block) return
        await stores.attested.saveRead(found.id, { state, block: final.block })
      })
    }

    // 2. Events since the cursor; none of them is of interest that is older than every case.
    const from = Math.max(cursor?.block ?? 0, oldest ?? final.block)
    const to = Math.min(final.block, from + BLOCKS_A_PASS)
    const events = to > from ? await attestedChain.events(from + 1, to) : []
    const blockTime = to === final.block ? final.time : (cursor?.blockTime ?? asInstant(0))
    if (cursor?.block === to && cursor.blockTime === blockTime) return unread.length === PASS_SIZE
    await database.asWorker(async (stores) => {
      if (!(await stores.attested.moveCursor(at, cursor?.block, { block: to, blockTime }))) return
      const touched = await stores.attested.lockCasesOf(at, [
        ...new Set(events.map(({ subject }) => subject)),
      ])
      for (const found of touched) {
        const state = stateAfter(found, events)
        if (state !== undefined) await stores.attested.saveRead(found.case.id, { state, block: to })
      }
      crashPoint('attested.before-commit')
    })
    crashPoint('attested.after-commit')
    return to < final.block || unread.length === PASS_SIZE
  }
}

/** How a case stands after those of these events that are its own and new to it; undefined where there are none. */
function stateAfter({ rule, case: { commitment, read } }: CaseWithRule, events: readonly ChainCaseEvent[]) {
  if (read === undefined) return undefined
  const own = events.filter(
    (event) => event.rule === rule.hash && event.subject === commitment && event.block > read.block,
  )
  if (own.length === 0) return undefined
  return own.reduce((state, event) => foldCase(rule.rule, state, event), read.state)
}

async function enter(
  { database, clock, recordFacts }: WatchAttestedAwardsNeeds,
  { rule, case: found }: CaseWithRule,
): Promise<void> {
  const { organisationId } = rule
  const awardedAt = found.read?.state.awardedAt
  if (awardedAt === undefined) return
  await database.inOrganisation(organisationId, async (stores) => {
    const { subjectId, actor } = await personById(stores, organisationId, found.subjectId)
    await stores.evaluation.lockSubjects(organisationId, [subjectId])
    const now = clock.now()
    const sourceId = `attested:${rule.hash}:${found.commitment}`
    const time = asInstant(Math.min(awardedAt * 1000, now))
    const event = attestedFact({ sourceId, time, actor }, { rule: rule.hash })
    const [fact] = await recordFacts(stores, organisationId, [{ subjectId, event }], now)
    if (fact !== undefined) await stores.attested.enter(found.id, fact.eventId)
  })
  crashPoint('attested.entered')
}

async function isThere(chain: AttestedChain): Promise<boolean> {
  try {
    await chain.require()
    return true
  } catch (error) {
    if (error instanceof WaarmerkError && error.code === attestedErrors.attestedContractMissing.code)
      return false
    throw error
  }
}
