import { missingNonces } from '#engine/anchoring/nonces.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { StoredTransaction } from '#services/ports/anchoring-store.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import { HURRY_AFTER_MS } from './hurry.ts'
import type { SendTasksNeeds } from './send-tasks.ts'

/** Gaps that are filled in one pass. */
const MOST = 16

/**
 * Finds nonces that nobody holds while something waits behind them (a task was parked, or a transaction of somebody else
 * with the relayer's key vanished), and uses them up with transfers of nothing. A task that is queued takes such a nonce
 * before it comes to that. Fillers are stored before they are sent, sent again when they are lost, and priced up like tasks.
 */
export async function mendNonces(needs: SendTasksNeeds): Promise<void> {
  const { database, chain, log } = needs
  const { chainId } = chain.address
  const next = await chain.nextNonce()
  const held = await database.asWorker((stores) => stores.anchoring.heldNonces(chainId, chain.relayer, next))
  for (const nonce of missingNonces(next, held, MOST)) {
    log.warn('nonce.missing', { nonce, relayer: chain.relayer })
    await fill(needs, nonce)
  }

  const mined = await chain.minedNonce()
  const fillers = await database.asWorker((stores) =>
    stores.anchoring.fillersFrom(chainId, chain.relayer, mined),
  )
  for (const filler of fillers) await follow(needs, filler, filler.nonce === mined)
}

/** Signs and stores a filler, unless the nonce has been taken meanwhile; the pass goes on to send it. */
async function fill({ database, clock, chain }: SendTasksNeeds, nonce: number): Promise<void> {
  const { chainId } = chain.address
  await database.asWorker(async (stores) => {
    if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return
    if ((await stores.anchoring.heldNonces(chainId, chain.relayer, nonce)).includes(nonce)) return
    const before = await stores.anchoring.newestWith(chainId, chain.relayer, nonce)
    const filler = await chain.signFiller(nonce, before)
    await stores.anchoring.insertTransaction(chainId, { ...filler, createdAt: clock.now() })
  })
  crashPoint('nonce.filled')
}

async function follow(needs: SendTasksNeeds, filler: StoredTransaction, isAwaited: boolean): Promise<void> {
  const { database, clock, chain, log } = needs
  const { chainId } = chain.address
  const { state } = await chain.status(filler.hash)
  if (state === 'mined' || state === 'reverted') return
  const isSlow = clock.now() - (filler.sentAt ?? filler.createdAt) >= HURRY_AFTER_MS
  const signBetter = () =>
    database.asWorker(async (stores) => {
      if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return undefined
      const newest = await stores.anchoring.newestWith(chainId, chain.relayer, filler.nonce)
      if (newest?.hash !== filler.hash) return undefined
      const signed = await chain.signFiller(filler.nonce, filler)
      await stores.anchoring.insertTransaction(chainId, { ...signed, createdAt: clock.now() })
      return stores.anchoring.newestWith(chainId, chain.relayer, filler.nonce)
    })
  if (state === 'pending' && (!isAwaited || !isSlow)) return
  let wanted = state === 'pending' ? await signBetter() : filler
  if (wanted === undefined) return
  try {
    await chain.send(wanted)
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    if (error.code === errors.feeTooLow.code && wanted === filler) {
      // Fees have risen since it was signed.
      wanted = await signBetter()
      if (wanted === undefined) return
      await chain.send(wanted)
    }
    // With its nonce taken it is used up, which is all that was wanted.
    else if (error.code !== errors.nonceTaken.code) throw error
  }
  const { nonce, hash, bump } = wanted
  await database.asWorker((stores) => stores.anchoring.markSent(hash, clock.now()))
  log.info('nonce.filler_sent', { nonce, hash, bump })
}
