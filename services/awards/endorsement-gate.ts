import { type EndorsementGate, endorsementStanding } from '#engine/awards/award-gate.ts'
import type { AskEndorser } from '#services/endorsements/ask-endorser.ts'
import { findEndorsable } from '#services/endorsements/endorsable.ts'
import type { PublishEndorsement } from '#services/endorsements/publish-endorsement.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Credential } from '#services/ports/credential-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface EndorsementGateNeeds {
  readonly askEndorser: AskEndorser
  readonly publishEndorsement: PublishEndorsement
}

/** An award whose document is prepared, in the transaction that holds the award's lock. */
interface Gated {
  readonly award: Award
  readonly gate: EndorsementGate
  readonly issuer: Issuer
  readonly credential: Credential
  readonly language: string
}

/**
 * The gate of endorsers. What they vouch for is the prepared document without endorsements: its digest stands inside what
 * they sign, so it is signed as it was shown. Their endorsements are served beside it, and stand inside it where its achievement says so.
 */
export const createEndorsementGate = ({ askEndorser, publishEndorsement }: EndorsementGateNeeds) => ({
  /** Asks whoever has not been asked, once; true when the award may be issued, otherwise it waits. */
  isOpen: async (stores: Stores, { award, gate, credential, language }: Gated): Promise<boolean> => {
    const { organisationId } = award
    const before = await stores.endorsements.ofTarget(award.organisationId, credential.id)
    const asked = new Set(before.map(({ endorserDid }) => endorserDid))
    const endorsable = await findEndorsable(stores, 'credential', credential.id)
    for (const endorserDid of new Set(gate.of)) {
      if (asked.has(endorserDid)) continue
      // A rule knows DIDs. Whoever was asked by mail before is asked by mail again, under the same name.
      const known = await stores.endorsements.lastMailed(organisationId, endorserDid)
      await askEndorser(stores, endorsable, {
        organisationId,
        target: 'credential',
        targetId: credential.id,
        endorserDid,
        endorserName: known?.endorserName ?? endorserDid,
        ...(known?.endorserEmail === undefined ? {} : { endorserEmail: known.endorserEmail }),
        comment: COMMENT[language.startsWith('nl') ? 'nl' : 'en'],
        language,
      })
    }
    const { status } = endorsementStanding(
      gate,
      await stores.endorsements.ofTarget(award.organisationId, credential.id),
    )
    if (status === 'passed') return true
    await stores.awards.move(award.id, ['due'], 'awaiting_endorsement', {})
    return false
  },

  /** Shows beside the badge what it was issued on. */
  publish: async (
    stores: Stores,
    { award, gate, issuer, credential }: Omit<Gated, 'language'>,
  ): Promise<void> => {
    for (const endorsement of await stores.endorsements.ofTarget(award.organisationId, credential.id))
      if (endorsement.state === 'signed' && gate.of.includes(endorsement.endorserDid))
        await publishEndorsement(stores, endorsement, { issuer, actor: 'system' })
  },
})
export type CheckEndorsementGate = ReturnType<typeof createEndorsementGate>

/** What they vouch for, in their own name. */
const COMMENT = {
  en: 'I have read this badge and vouch for its award.',
  nl: 'Ik heb deze badge gelezen en sta in voor de toekenning.',
} as const
