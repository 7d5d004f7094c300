import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  type AttestedAct,
  type AttestedWord,
  attestedTypedData,
  type TypedData,
} from '#engine/attested-awards/attested-messages.ts'
import { seatOf } from '#engine/attested-awards/attested-rule.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AttestedCaseId, AttestedMessageId, AttestedRuleId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { AttestedMessage, CaseWithRule } from '#services/ports/attested-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { foundCase } from './found-case.ts'

export interface RelayAttestationsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
  readonly attestedChain: AttestedChain
  readonly wakeUps: WakeUps
}

export interface CaseIds {
  readonly ruleId: AttestedRuleId
  readonly caseId: AttestedCaseId
}

/** What an attester says or takes back, and of which criterion. */
interface Said {
  readonly criterion: number
  readonly attester: Hex
  /** Seconds since 1970. */
  readonly saidAt: number
  readonly deadline: number
}

/** How long what was signed may be delivered, unless the attester says another. */
const DELIVERY_MS = 7 * DAY_MS

/** What attesters sign, and its way to the contract. The signature is the permission: whoever delivers it has no say. */
export const createRelayAttestations = (needs: RelayAttestationsNeeds) => {
  const { database, clock, random, secretBox, audit, attestedChain, wakeUps } = needs

  return {
    /** What a wallet must be given to sign, said now. Throws `attested-not-an-attester`, `attested-outside-window`. */
    typedData: (
      principal: Principal,
      organisationId: OrganisationId,
      ids: CaseIds,
      act: AttestedAct,
      by: { readonly criterion: number; readonly attester: Hex },
    ): Promise<TypedData> =>
      database.inOrganisation(organisationId, async (stores) => {
        const found = await foundCase(stores, principal, 'read', organisationId, ids)
        const said = { ...by, ...saidNow() }
        requireTimely(found, act, said)
        return attestedTypedData(act, found.rule.at, wordOf(found, said))
      }),

    /**
     * Takes what an attester has signed, checks it, and has it delivered. Throws `attested-not-an-attester`,
     * `attested-outside-window`, `attested-time-wrong`, `attested-signature-wrong`, `attested-already-said`,
     * `attested-taken-back`, `attested-complete`, `attested-contract-missing`, `contract-refused`.
     */
    relay: async (
      principal: Principal,
      organisationId: OrganisationId,
      ids: CaseIds,
      act: AttestedAct,
      said: Said & { readonly signature: Uint8Array },
    ): Promise<AttestedMessage> => {
      const found = await database.inOrganisation(organisationId, (stores) =>
        foundCase(stores, principal, 'award', organisationId, ids),
      )
      return deliver(principal, found, act, said)
    },

    /**
     * The issuer itself attests, or takes back, with its active anchoring key, where the rule names that.
     * Throws what `relay` throws.
     */
    signAsIssuer: async (
      principal: Principal,
      organisationId: OrganisationId,
      ids: CaseIds,
      act: AttestedAct,
      criterion: number,
    ): Promise<AttestedMessage> => {
      const { found, key } = await database.inOrganisation(organisationId, async (stores) => {
        const found = await foundCase(stores, principal, 'sign', organisationId, ids)
        return { found, key: await stores.issuers.activeKey(found.rule.issuerId, 'anchoring') }
      })
      if (key === undefined) throw new Error('The issuer has no anchoring key.')
      const said = { criterion, attester: key.publicKey.toLowerCase() as Hex, ...saidNow() }
      requireTimely(found, act, said)
      const data = attestedTypedData(act, found.rule.at, wordOf(found, said))
      const signature = attestedChain.sign(secretBox.open(key.sealedSecret, issuerKeySecret(key.id)), data)
      return deliver(principal, found, act, { ...said, signature })
    },
  }

  async function deliver(
    principal: Principal,
    found: CaseWithRule,
    act: AttestedAct,
    { signature, ...said }: Said & { readonly signature: Uint8Array },
  ): Promise<AttestedMessage> {
    const { rule, case: of } = found
    const { organisationId } = rule

    // 1. Is it the time, and theirs to say? Of whoever sends it the contract wants no signature: that is our relayer,
    // which has nothing to say.
    requireTimely(found, act, said)
    if (said.attester === attestedChain.relayer.toLowerCase())
      throw errors.attestedSignatureWrong({ attester: said.attester })
    const awardedAt = of.read?.state.awardedAt
    if (awardedAt !== undefined)
      throw errors.attestedComplete({ awardedAt: formatInstant(asInstant(awardedAt * 1000)) })
    // Registered for another contract than the one that is spoken to: its signatures count there.
    if (rule.at.contract !== attestedChain.address.contract) throw errors.attestedContractMissing(rule.at)
    await attestedChain.require()

    // 2. Would the contract take it? Outside of a transaction: it asks the chain.
    const word = wordOf(found, said)
    try {
      await attestedChain.tryCall(attestedChain.call(act, word, signature))
    } catch (error) {
      await explain(error, found, word)
    }

    // 3. Write it down, once, with the task that delivers it.
    const message: AttestedMessage = {
      organisationId,
      id: random.rowId() as AttestedMessageId,
      caseId: of.id,
      act,
      ...said,
      signature,
      createdAt: clock.now(),
    }
    await database.inOrganisation(organisationId, async (stores) => {
      const before = await stores.attested.insertMessage(message)
      if (before !== undefined) throw errors.attestedAlreadySaid({ messageId: before })
      await stores.anchoring.insertTask({
        organisationId,
        id: random.rowId(),
        issuerId: rule.issuerId,
        kind: act,
        attestedMessageId: message.id,
        state: 'queued',
        createdAt: message.createdAt,
        attempts: 0,
      })
      await audit(stores, {
        organisationId,
        at: message.createdAt,
        actor: actorOf(principal),
        action: act === 'attest' ? 'attestation.relayed' : 'attestation.withdrawal_relayed',
        targetType: 'attested_case',
        targetId: of.id,
      })
    })
    await wakeUps.wake('send')
    return message
  }

  function saidNow(): Pick<Said, 'saidAt' | 'deadline'> {
    const now = clock.now()
    return { saidAt: Math.floor(now / 1000), deadline: Math.floor((now + DELIVERY_MS) / 1000) }
  }

  /** The contract checks all of this again; it is said here in words that tell what to do. */
  function requireTimely({ rule: { rule } }: CaseWithRule, act: AttestedAct, said: Said): void {
    const { criterion, attester, saidAt, deadline } = said
    if (seatOf(rule, criterion, attester) === undefined)
      throw errors.attestedNotAnAttester({ criterion, attester })
    const now = Math.floor(clock.now() / 1000)
    if (act === 'attest' && (now < rule.opensAt || now >= rule.closesAt || saidAt < rule.opensAt))
      throw errors.attestedOutsideWindow({
        opensAt: formatInstant(asInstant(rule.opensAt * 1000)),
        closesAt: formatInstant(asInstant(rule.closesAt * 1000)),
      })
    if (saidAt > now) throw errors.attestedTimeWrong({ pointer: '/saidAt', reason: 'is in the future' })
    if (deadline < now) throw errors.attestedTimeWrong({ pointer: '/deadline', reason: 'is over' })
  }

  /** What the contract refuses, as one of our words; throws what it was where we have none. */
  async function explain(
    error: unknown,
    { rule, case: of }: CaseWithRule,
    word: AttestedWord,
  ): Promise<void> {
    if (!(error instanceof WaarmerkError) || error.code !== errors.contractRefused.code) throw error
    const { attester } = word
    switch (error.parameters['error']) {
      case 'AttestedAwardBadSignature':
        throw errors.attestedSignatureWrong({ attester }, error)
      case 'AttestedAwardWithdrawn': {
        const seat = seatOf(rule.rule, word.criterion, attester) ?? 0
        const upTo = await attestedChain.withdrawnUpTo(rule.hash, of.commitment, seat)
        throw errors.attestedTakenBack({ attester, upTo: formatInstant(upTo ?? clock.now()) }, error)
      }
      case 'AttestedAwardComplete': {
        const [, , awardedAt] = error.parameters['arguments'] as readonly string[]
        throw errors.attestedComplete(
          { awardedAt: formatInstant(asInstant(Number(awardedAt) * 1000)) },
          error,
        )
      }
      case 'AttestedAwardTimeOutOfRange':
        // The chain's last block is older than what was said now. The next one is not: the task is tried until then.
        return
      default:
        throw error
    }
  }
}

/** A message with what it is about. */
export const wordOf = ({ rule, case: of }: CaseWithRule, said: Said): AttestedWord => ({
  rule: rule.rule,
  ruleHash: rule.hash,
  subject: of.commitment,
  criterion: said.criterion,
  attester: said.attester,
  saidAt: said.saidAt,
  deadline: said.deadline,
})
