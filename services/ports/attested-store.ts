import type { CaseState } from '#engine/attested-awards/attested-case.ts'
import type { AttestedAct } from '#engine/attested-awards/attested-messages.ts'
import type { AttestedRule } from '#engine/attested-awards/attested-rule.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type {
  AttestedCaseId,
  AttestedMessageId,
  AttestedRuleId,
  EventId,
  IssuerId,
  OrganisationId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { ChainTask } from './anchoring-store.ts'
import type { ChainAddress } from './chain.ts'
import type { Page, PageRequest } from './page.ts'

/** An on-chain rule in which an organisation takes part. */
export interface RegisteredRule {
  readonly organisationId: OrganisationId
  readonly id: AttestedRuleId
  readonly issuerId: IssuerId
  readonly name: string
  /** The rule's name on chain, in lower case. */
  readonly hash: Hex
  readonly rule: AttestedRule
  /** What each criterion says; undefined where only its digest is known. */
  readonly statements: readonly (string | undefined)[]
  /** The contract for which its signatures count. */
  readonly at: ChainAddress
  readonly createdAt: Instant
}

/** A person in such a rule. */
export interface AttestedCase {
  readonly organisationId: OrganisationId
  readonly id: AttestedCaseId
  readonly ruleId: AttestedRuleId
  readonly subjectId: SubjectId
  /** What stands for the person on chain. */
  readonly commitment: Hex
  readonly sealedSalt: Uint8Array
  readonly createdAt: Instant
  /** What the contract says, up to and with this final block; undefined until that was read. */
  readonly read?: { readonly state: CaseState; readonly block: number }
  /** The fact that its award was entered as. */
  readonly eventId?: EventId
}

export interface CaseWithRule {
  readonly rule: RegisteredRule
  readonly case: AttestedCase
}

/** What an attester has signed. */
export interface AttestedMessage {
  readonly organisationId: OrganisationId
  readonly id: AttestedMessageId
  readonly caseId: AttestedCaseId
  readonly act: AttestedAct
  readonly criterion: number
  readonly attester: Hex
  /** Seconds since 1970, as they were signed. */
  readonly saidAt: number
  readonly deadline: number
  readonly signature: Uint8Array
  readonly createdAt: Instant
}

/** A message and what has become of it on its way to the chain. */
export interface DeliveredMessage extends AttestedMessage {
  /** `refused`: the contract does not take it, and nothing was sent, or it was given up after some tries. */
  readonly delivery: ChainTask['state'] | 'refused'
  readonly transaction?: Hex
  readonly lastError?: string
}

/** How far the events of a contract have been read. */
export interface ChainCursor {
  readonly block: number
  readonly blockTime: Instant
}

export interface AttestedStore {
  /** False, and no change, where the organisation has the rule already. */
  insertRule(rule: RegisteredRule): Promise<boolean>
  findRule(organisationId: OrganisationId, id: AttestedRuleId): Promise<RegisteredRule | undefined>
  listRules(organisationId: OrganisationId, page: PageRequest): Promise<Page<RegisteredRule>>

  /** False, and no change, where the person, or the commitment, is in the rule already. */
  insertCase(attestedCase: AttestedCase): Promise<boolean>
  findCase(organisationId: OrganisationId, id: AttestedCaseId): Promise<AttestedCase | undefined>
  caseOf(
    organisationId: OrganisationId,
    ruleId: AttestedRuleId,
    subjectId: SubjectId,
  ): Promise<AttestedCase | undefined>
  listCases(
    organisationId: OrganisationId,
    ruleId: AttestedRuleId,
    page: PageRequest,
  ): Promise<Page<AttestedCase>>

  /** The id of the same words where they were given before; then nothing is written. */
  insertMessage(message: AttestedMessage): Promise<AttestedMessageId | undefined>
  findMessage(organisationId: OrganisationId, id: AttestedMessageId): Promise<AttestedMessage | undefined>
  /** Oldest first. */
  messagesOf(organisationId: OrganisationId, caseId: AttestedCaseId): Promise<readonly DeliveredMessage[]>

  cursor(at: ChainAddress): Promise<ChainCursor | undefined>
  /** Puts the cursor where it was expected; false, and no change, if somebody else has moved it. */
  moveCursor(at: ChainAddress, from: number | undefined, to: ChainCursor): Promise<boolean>
  /** Cases that nothing was read of yet, of all organisations, oldest first. */
  unreadCases(at: ChainAddress, limit: number): Promise<readonly CaseWithRule[]>
  /**
   * The lowest block that a case was read at whose award is still possible; undefined where there is none. A rule whose
   * window was over at `readUntil` awards no more.
   */
  oldestOpenBlock(at: ChainAddress, readUntil: Instant | undefined): Promise<number | undefined>
  /** The cases of these commitments that were read before, of all organisations, locked until the transaction ends. */
  lockCasesOf(at: ChainAddress, commitments: readonly Hex[]): Promise<readonly CaseWithRule[]>
  /** Writes what was read, where nothing newer was. */
  saveRead(id: AttestedCaseId, read: { readonly state: CaseState; readonly block: number }): Promise<void>
  /** The chain is shorter than it was (a node that lags, a copy that was put back): what lay behind is read anew. */
  forgetAfter(at: ChainAddress, block: number): Promise<void>
  /** Cases that the contract has awarded and whose fact is not entered. */
  unenteredCases(limit: number): Promise<readonly CaseWithRule[]>
  /** False, and no change, where it was entered before. */
  enter(id: AttestedCaseId, eventId: EventId): Promise<boolean>
}
