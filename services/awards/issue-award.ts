import type { Award } from '#services/ports/award-store.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Stores } from '#services/ports/stores.ts'
import { withOwnEndorsements } from './embed-endorsements.ts'
import type { IssueAwardsNeeds } from './issue-needs.ts'
import { openClaims } from './open-claims.ts'
import { type Prepared, prepareEdition } from './prepare-edition.ts'
import { type Signed, signPrepared } from './sign-prepared.ts'
import { storeSigned } from './store-signed.ts'
import { supersedeByRule, supersedeRenewed } from './supersede-earlier.ts'
import { AlreadySigned } from './together-or-alone.ts'
import { wakeAskers } from './wake-askers.ts'

/**
 * Issues one award: what waits for endorsers, renews another by hand, or was begun before a crash. Throws `AlreadySigned`
 * where nothing is left to do, and what makes the award unfit.
 */
export const createIssueAward = (needs: IssueAwardsNeeds) => {
  const { database, clock, log, endorsementGate, ruleSets, audit } = needs

  const prepare = async (stores: Stores, claimed: Award): Promise<Prepared | undefined> => {
    // Under a lock: an endorser who signs meanwhile sees the award wait, or is seen here.
    const award = await stores.awards.lock(claimed.id)
    if (award?.state !== 'due') return undefined
    const prepared = await prepareEdition(needs, stores, award)
    const gate = award.gate?.endorsement
    if (prepared === undefined || gate === undefined) return prepared
    if (!(await endorsementGate.isOpen(stores, { ...prepared, gate }))) return undefined
    if (prepared.definition.embedEndorsements !== true) return prepared
    const signed = (await stores.endorsements.ofTarget(award.organisationId, prepared.credential.id)).filter(
      ({ state, endorserDid }) => state === 'signed' && gate.of.includes(endorserDid),
    )
    return { ...prepared, edition: await withOwnEndorsements(needs.suite, prepared.edition, signed) }
  }

  const store = async (stores: Stores, prepared: Prepared, signed: Signed): Promise<void> => {
    const { award, issuer, credential, edition } = prepared
    const now = clock.now()
    // Somebody may have revoked it while it was signed.
    if ((await stores.awards.lock(award.id))?.state !== 'due') throw new AlreadySigned()
    const isOurs = await storeSigned(needs, stores, [{ issuer, edition, ...signed }], now)
    // Another worker signed it meanwhile: nothing of ours is kept, the leaf included.
    if (!isOurs) throw new AlreadySigned()
    await stores.awards.moveToIssued([award], now)
    const gate = award.gate?.endorsement
    if (gate !== undefined) {
      await endorsementGate.publish(stores, { award, gate, issuer, credential })
      // It is held from now on, and not when it was due.
      await wakeAskers(stores, ruleSets, award, now)
    }
    await supersedeByRule(stores, audit, award, now)
    await supersedeRenewed(stores, audit, award, now)
    await openClaims(needs, stores, [prepared], now)
  }

  return async (claimed: Award): Promise<void> => {
    crashPoint('issue.before-prepare')
    // 1. Record what will be signed.
    const prepared = await database.asWorker((stores) => prepare(stores, claimed))
    if (prepared === undefined) return
    crashPoint('issue.prepared')

    // 2. Check it, and sign exactly what was checked.
    const { award } = prepared
    log.info('credential.signing', { award: award.id, credentialId: prepared.credential.id })
    const signed = await signPrepared(needs, prepared)
    crashPoint('issue.before-store')

    // 3. Store the bytes, with everything that follows from them.
    await database.asWorker((stores) => store(stores, prepared, signed))
    log.info('credential.signed', { award: award.id, credentialId: prepared.credential.id })
    crashPoint('issue.stored')
  }
}
