import type { Hex } from '#engine/shared/bytes.ts'
import type {
  AttestedMessageId,
  BatchId,
  IssuerId,
  KeyId,
  LeafId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { SignedTransaction } from './chain.ts'
import type { Page, PageRequest } from './page.ts'

export interface Leaf {
  readonly organisationId: OrganisationId
  readonly id: LeafId
  readonly issuerId: IssuerId
  readonly kind: number
  readonly targetId: string
  readonly digest: Uint8Array
  readonly sealedSalt: Uint8Array
  readonly hash: Uint8Array
  readonly createdAt: Instant
  readonly place?: { readonly batchId: BatchId; readonly position: number }
}

export type BatchState = 'sealed' | 'signed' | 'sent' | 'mined' | 'final'

export interface Batch {
  readonly organisationId: OrganisationId
  readonly id: BatchId
  readonly issuerId: IssuerId
  readonly sequence: number
  /** Checksummed address of the issuer's anchoring key. */
  readonly signer: Hex
  readonly chainId: number
  readonly contract: Hex
  readonly root: Uint8Array
  readonly previousRoot: Uint8Array
  readonly size: number
  readonly realLeaves: number
  readonly sealedHeaderSalt: Uint8Array
  /** 32 bytes each, in order. */
  readonly leafHashes: Uint8Array
  readonly state: BatchState
  readonly sealedAt: Instant
  readonly block?: { readonly number: number; readonly time: Instant }
}

export interface ChainTask {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly issuerId: IssuerId
  readonly kind:
    | 'register'
    | 'publish_key'
    | 'grant_key'
    | 'cut_off'
    | 'anchor'
    | 'revoke'
    | 'attest'
    | 'withdraw'
  readonly batchId?: BatchId
  /** Of `publish_key`: the issuing key whose window is told. Of `grant_key` and `cut_off`: the anchoring key. */
  readonly keyId?: KeyId
  readonly positions?: readonly number[]
  /** Of `attest` and `withdraw`: what is delivered. */
  readonly attestedMessageId?: AttestedMessageId
  readonly state: 'queued' | 'signed' | 'sent' | 'mined' | 'final' | 'failed'
  readonly createdAt: Instant
  readonly attempts: number
}

export interface StoredTransaction extends SignedTransaction {
  /** None of one that only fills a gap in the nonces. */
  readonly taskId?: string
  readonly bump: number
  readonly createdAt: Instant
  readonly sentAt?: Instant
}

export interface AnchoringStore {
  insertLeaves(leaves: readonly Leaf[]): Promise<void>
  findLeaf(id: LeafId): Promise<Leaf | undefined>
  /** None of these gets a place in a batch until the transaction ends; whoever gives them one already is waited for. */
  lockLeaves(ids: readonly LeafId[]): Promise<readonly Leaf[]>
  /** The time of the block that holds the leaf; undefined while none does. */
  anchoredAt(id: LeafId): Promise<Instant | undefined>
  leavesOf(targetId: string): Promise<readonly Leaf[]>
  /** Where the newest leaf of each is on its way to a final block; nothing of what has none. */
  anchorStates(
    organisationId: OrganisationId,
    targetIds: readonly string[],
  ): Promise<ReadonlyMap<string, 'waiting' | BatchState>>
  /** Issuers with a leaf that was open at the last closing, or with so many that they are sealed now. */
  issuersToSeal(
    closing: Instant,
    atLeast: number,
  ): Promise<readonly { readonly organisationId: OrganisationId; readonly issuerId: IssuerId }[]>
  /** Takes the issuer's sealing lock until the transaction ends, then its open leaves, oldest first. */
  lockOpenLeaves(issuerId: IssuerId, limit: number): Promise<readonly Leaf[]>
  lastBatch(issuerId: IssuerId): Promise<Batch | undefined>
  insertBatch(batch: Batch): Promise<void>
  /** Waits for whoever has locked one of them; what they have written is seen from then on. */
  placeLeaves(
    batchId: BatchId,
    places: readonly { readonly leafId: LeafId; readonly position: number }[],
  ): Promise<void>
  /** Positions in a batch of the credential editions that are revoked. */
  revokedPositions(batchId: BatchId): Promise<readonly number[]>
  findBatch(id: BatchId): Promise<Batch | undefined>
  listBatches(organisationId: OrganisationId, page: PageRequest): Promise<Page<Batch>>
  /** Batches that are said to be on chain, newest first. */
  batchesOnChain(limit: number): Promise<readonly Batch[]>
  /** The newest block that a batch of ours on this contract is in. */
  newestBlock(chainId: number, contract: Hex): Promise<number | undefined>
  /** Those of these that one of our keys has anchored and that are no batch of ours. */
  unknownAmong<T extends { readonly signer: Hex; readonly root: Hex }>(
    anchored: readonly T[],
  ): Promise<readonly T[]>
  /**
   * Batches of a key that are in no block before a moment are to be anchored under another key, with what was revoked of
   * them. What was signed for them before belongs to no task any more. Gives their number.
   */
  anchorUnder(keys: {
    readonly old: Hex
    readonly replacement: Hex
    readonly since: Instant
  }): Promise<number>
  /** A batch that is in no block is anchored under another key: as `anchorUnder`, of one. */
  changeSigner(batchId: BatchId, signer: Hex): Promise<void>
  /** Revocations of a batch that were given up are tried again. Gives their number. */
  unpark(batchId: BatchId): Promise<number>
  /** The tasks about a key of an issuer. */
  tasksOfKey(keyId: KeyId): Promise<readonly ChainTask[]>
  /**
   * Tasks that have landed are to be done once more: of a batch, of an issuer's registration, keys and statements, or of
   * its statements alone. Gives their number.
   */
  doAgain(
    what:
      | { readonly batchId: BatchId }
      | { readonly registrationOf: IssuerId }
      | { readonly statementsOf: IssuerId },
  ): Promise<number>
  moveBatch(
    id: BatchId,
    state: BatchState,
    block?: { readonly number: number; readonly time: Instant },
    finalAt?: Instant,
  ): Promise<void>

  /** Ignored where the same task stands already (register an issuer, anchor a batch). */
  insertTask(task: ChainTask): Promise<void>
  /** The oldest tasks in one of these states; none of an issuer whose registration, or the key in place of a stolen one, is not mined yet, but for these. */
  tasks(states: readonly ChainTask['state'][], limit: number, now: Instant): Promise<readonly ChainTask[]>
  moveTask(id: string, from: readonly ChainTask['state'][], to: ChainTask['state']): Promise<boolean>
  /** Without `next` it is parked. What passes by itself is no attempt of the task. */
  failTask(
    id: string,
    failure: {
      readonly error: string
      readonly next?: Instant
      readonly at: Instant
      readonly passing?: boolean
    },
  ): Promise<void>

  /** Takes the sender's advisory lock until the transaction ends: one sender a key. */
  lockSender(chainId: number, sender: Hex): Promise<boolean>
  /** As `lockSender`, and waits for it. */
  awaitSender(chainId: number, sender: Hex): Promise<void>
  lastNonce(chainId: number, sender: Hex): Promise<number | undefined>
  /**
   * Sends everything again that has this nonce or a later one: its tasks, and their batches, are `signed` once more.
   * Gives the number of tasks.
   */
  resendFrom(chainId: number, sender: Hex, nonce: number): Promise<number>
  /**
   * The nonces from this one on that are spoken for: by the newest transaction of a task that waits or has landed, or by
   * one that fills a gap. Not by a task that was parked, or that is to be signed anew.
   */
  heldNonces(chainId: number, sender: Hex, from: number): Promise<readonly number[]>
  /** What was signed last with this nonce, for whatever. */
  newestWith(chainId: number, sender: Hex, nonce: number): Promise<StoredTransaction | undefined>
  /** The newest of each nonce, from this one on, that only fills a gap. */
  fillersFrom(chainId: number, sender: Hex, nonce: number): Promise<readonly StoredTransaction[]>
  /** Its `bump` is counted here: how many were signed with the nonce before. */
  insertTransaction(chainId: number, transaction: Omit<StoredTransaction, 'bump'>): Promise<void>
  /** In the order in which they were signed. */
  transactionsOf(taskId: string): Promise<readonly StoredTransaction[]>
  markSent(hash: Hex, at: Instant): Promise<void>
}
