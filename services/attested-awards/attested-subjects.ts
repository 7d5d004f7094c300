import { actorOf, type Principal } from '#engine/access/rights.ts'
import { EMPTY_CASE, type JudgedCase, judgeCase } from '#engine/attested-awards/attested-case.ts'
import { COMMITMENT_SALT_BYTES, subjectCommitment } from '#engine/attested-awards/subject-commitment.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import { equalBytes, type Hex } from '#engine/shared/bytes.ts'
import type { AttestedCaseId, AttestedRuleId, OrganisationId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { peopleByIdentifiers } from '#services/facts/fact-people.ts'
import type { AttestedCase, DeliveredMessage, RegisteredRule } from '#services/ports/attested-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { foundCase, foundRule } from './found-case.ts'

export interface AttestedSubjectsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

/** A case as people look at it. */
export interface ShownCase {
  readonly rule: RegisteredRule
  readonly case: AttestedCase
  readonly judged: JudgedCase
  /** `over`: the window has closed, and the contract has made no award up to the last block that was read. */
  readonly state: 'open' | 'awarded' | 'over'
}

/** What opens a commitment: with it the other organisations make the same one, and know whom it is of. */
export interface CommitmentOpening {
  readonly salt: Uint8Array
  /** Undefined where the person is no longer known by the identifier that it was made of. */
  readonly identifier?: Identifier
  readonly commitment: Hex
  readonly ruleHash: Hex
}

/** With which id the salt of a commitment is sealed. */
const commitmentSalt = (id: AttestedCaseId) => ({ keyId: 'attested-salt', rowId: id })

/** People in on-chain rules, and the commitments that stand for them there. */
export const createAttestedSubjects = (needs: AttestedSubjectsNeeds) => {
  const { database, clock, random, hashes, secretBox, audit, wakeUps } = needs

  const show = (rule: RegisteredRule, found: AttestedCase): ShownCase => {
    const state = found.read?.state ?? EMPTY_CASE
    const isOver = clock.now() >= rule.rule.closesAt * 1000
    return {
      rule,
      case: found,
      judged: judgeCase(rule.rule, state),
      state: state.awardedAt !== undefined ? 'awarded' : isOver ? 'over' : 'open',
    }
  }

  return {
    /**
     * Enters a person into a rule. `salt`: the one that another organisation has made; without it, a new one is made
     * here. The same person again, with the same salt or none, is the same case.
     * Throws `already-exists` for another salt, `facts-invalid` where nobody is known by the identifier.
     */
    add: async (
      principal: Principal,
      organisationId: OrganisationId,
      ruleId: AttestedRuleId,
      { identifier, salt: given }: { readonly identifier: Identifier; readonly salt?: Uint8Array },
    ): Promise<{ readonly shown: ShownCase; readonly isNew: boolean }> => {
      const added = await database.inOrganisation(organisationId, async (stores) => {
        const rule = await foundRule(stores, principal, 'award', organisationId, ruleId)
        const people = await peopleByIdentifiers(stores, organisationId, [identifier], random)
        const subjectId = people.get(identifierText(identifier))
        if (subjectId === undefined)
          throw errors.factsInvalid({
            faults: [{ code: 'subject-unknown', path: '/subject', message: 'Nobody is known by that.' }],
          })
        const known = await stores.attested.caseOf(organisationId, ruleId, subjectId)
        if (known !== undefined) {
          if (given !== undefined && !equalBytes(saltOf(known), given))
            throw errors.alreadyExists({ what: 'commitment of this person', id: known.id })
          return { shown: show(rule, known), isNew: false }
        }
        const id = random.rowId() as AttestedCaseId
        const salt = given ?? random.bytes(COMMITMENT_SALT_BYTES)
        const made: AttestedCase = {
          organisationId,
          id,
          ruleId,
          subjectId,
          commitment: subjectCommitment(rule.hash, salt, identifier, hashes),
          sealedSalt: secretBox.seal(salt, commitmentSalt(id)),
          createdAt: clock.now(),
        }
        if (!(await stores.attested.insertCase(made)))
          throw errors.alreadyExists({ what: 'commitment in this rule', id: made.commitment })
        await record(stores, principal, made, 'attested_subject.added')
        return { shown: show(rule, made), isNew: true }
      })
      // It may have been attested elsewhere already.
      if (added.isNew) await wakeUps.wake('attested')
      return added
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      ruleId: AttestedRuleId,
      page: PageRequest,
    ): Promise<Page<ShownCase & { readonly id: string }>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const rule = await foundRule(stores, principal, 'read', organisationId, ruleId)
        const { items, ...next } = await stores.attested.listCases(organisationId, ruleId, page)
        return { ...next, items: items.map((each) => ({ ...show(rule, each), id: each.id })) }
      }),

    /** Who has attested what, what is missing, and what became of the messages that were given here. */
    find: (
      principal: Principal,
      organisationId: OrganisationId,
      ids: { readonly ruleId: AttestedRuleId; readonly caseId: AttestedCaseId },
    ): Promise<ShownCase & { readonly messages: readonly DeliveredMessage[] }> =>
      database.inOrganisation(organisationId, async (stores) => {
        const found = await foundCase(stores, principal, 'read', organisationId, ids)
        const messages = await stores.attested.messagesOf(organisationId, ids.caseId)
        return { ...show(found.rule, found.case), messages }
      }),

    /** Opens a commitment for the other organisations. Whoever gets it knows whom the commitment is of: it is audited. */
    open: (
      principal: Principal,
      organisationId: OrganisationId,
      ids: { readonly ruleId: AttestedRuleId; readonly caseId: AttestedCaseId },
    ): Promise<CommitmentOpening> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { rule, case: found } = await foundCase(stores, principal, 'award', organisationId, ids)
        const salt = saltOf(found)
        const subject = await stores.subjects.find(organisationId, found.subjectId)
        const identifier = subject?.identifiers.find(
          (each) => subjectCommitment(rule.hash, salt, each, hashes) === found.commitment,
        )
        await record(stores, principal, found, 'attested_subject.opened')
        return {
          salt,
          commitment: found.commitment,
          ruleHash: rule.hash,
          ...(identifier === undefined ? {} : { identifier }),
        }
      }),
  }

  function saltOf({ sealedSalt, id }: AttestedCase): Uint8Array {
    return secretBox.open(sealedSalt, commitmentSalt(id))
  }

  function record(stores: Stores, principal: Principal, of: AttestedCase, action: string) {
    return audit(stores, {
      organisationId: of.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'attested_case',
      targetId: of.id,
    })
  }
}
