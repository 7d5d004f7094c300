import { expiryOf } from '#engine/direct-awards/direct-award-schedule.ts'
import { afterMove, type DirectAwardMove } from '#engine/direct-awards/direct-award-state.ts'
import type { DirectAward } from '#services/ports/direct-award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { mailDirectAward, messageIds } from './mail-direct-award.ts'

type MoveNeeds = Pick<DirectAwardNeeds, 'clock' | 'random' | 'secretBox' | 'audit' | 'origin'>

/** What a move says beside where it leads. */
interface Said {
  readonly actor: string
  readonly reason?: string
  /** What the trail calls it, where that is not the state. */
  readonly action?: string
}

/**
 * Moves a direct award that the caller has locked, and writes that into the trail; undefined, and no change, where the
 * move is not possible. What still waits to be mailed when it is over is never sent.
 */
export async function moveDirectAward(
  { audit, origin }: Pick<MoveNeeds, 'audit' | 'origin'>,
  stores: Stores,
  award: DirectAward,
  move: DirectAwardMove,
  { actor, reason, action, ...over }: Said & Partial<Pick<DirectAward, 'awardId'>>,
): Promise<DirectAward | undefined> {
  const standing = afterMove(award.standing, move)
  if (standing === undefined) return undefined
  const isOver = standing.state !== 'unaccepted'
  if (isOver) await stores.confirmations.expireOf({ kind: 'direct_award', directAwardId: award.id }, move.at)
  if (isOver && award.mails > 0) await stores.mail.withdraw(messageIds(award, origin))
  const moved = await stores.directAwards.save({
    ...award,
    ...over,
    standing,
    ...(standing.state === 'unaccepted' ? { sentAt: standing.sentAt, expiresAt: standing.expiresAt } : {}),
    ...(reason === undefined ? {} : { reason }),
  })
  await audit(stores, {
    organisationId: award.organisationId,
    at: move.at,
    actor,
    action: `direct_award.${action ?? (standing.state === 'unaccepted' ? 'sent' : standing.state)}`,
    targetType: 'direct_award',
    targetId: award.id,
    ...(reason === undefined ? {} : { detail: { reason } }),
  })
  return moved
}

/** Offers a scheduled one, by mail where it is for an address. Wake `mail` after the commit. */
export async function sendDirectAward(
  needs: MoveNeeds,
  stores: Stores,
  award: DirectAward,
  actor: string,
): Promise<DirectAward | undefined> {
  const at = needs.clock.now()
  const sent = await moveDirectAward(
    needs,
    stores,
    award,
    { kind: 'send', at, expiresAt: expiryOf(at, award.policy) },
    { actor },
  )
  if (sent === undefined) return undefined
  const mailed = await mailDirectAward(needs, stores, sent)
  return mailed.mails === sent.mails ? sent : stores.directAwards.save(mailed)
}
