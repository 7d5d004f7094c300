import type { Hex } from '#engine/shared/bytes.ts'
import type {
  AttestedMessageId,
  BatchId,
  IssuerId,
  KeyId,
  LeafId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type {
  batch as BatchRow,
  leaf as LeafRow,
  Prisma,
  chain_task as TaskRow,
  chain_transaction as TransactionRow,
} from '#prisma'
import type {
  AnchoringStore,
  Batch,
  BatchState,
  ChainTask,
  Leaf,
  StoredTransaction,
} from '#services/ports/anchoring-store.ts'
import {
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  page,
  type Transaction,
} from './rows.ts'

export function anchoringStore(tx: Transaction): AnchoringStore {
  return {
    insertLeaves: async (leaves) => {
      if (leaves.length === 0) return
      await tx.$executeRaw`
        INSERT INTO leaf (organisation_id, id, issuer_id, kind, target_id, digest, sealed_salt, hash, created_at)
        SELECT * FROM unnest(
          ${leaves.map((leaf) => leaf.organisationId)}::uuid[], ${leaves.map((leaf) => leaf.id)}::uuid[],
          ${leaves.map((leaf) => leaf.issuerId)}::uuid[], ${leaves.map((leaf) => leaf.kind)}::smallint[],
          ${leaves.map((leaf) => leaf.targetId)}::uuid[], ${leaves.map((leaf) => Buffer.from(leaf.digest))}::bytea[],
          ${leaves.map((leaf) => Buffer.from(leaf.sealedSalt))}::bytea[], ${leaves.map((leaf) => Buffer.from(leaf.hash))}::bytea[],
          ${leaves.map((leaf) => date(leaf.createdAt))}::timestamptz[])`
    },
    findLeaf: async (id) => {
      const row = await tx.leaf.findUnique({ where: { id } })
      return row === null ? undefined : toLeaf(row)
    },
    lockLeaves: async (ids) => {
      await lockInOrder(tx, ids)
      return (await tx.leaf.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' } })).map(toLeaf)
    },
    leavesOf: async (targetId) =>
      (await tx.leaf.findMany({ where: { target_id: targetId }, orderBy: { created_at: 'asc' } })).map(
        toLeaf,
      ),
    anchoredAt: async (id) => {
      const leaf = await tx.leaf.findUnique({ where: { id }, select: { batch_id: true } })
      const batch =
        leaf?.batch_id == null ? null : await tx.batch.findUnique({ where: { id: leaf.batch_id } })
      return batch === null ? undefined : toBatch(batch).block?.time
    },
    anchorStates: async (organisationId, targetIds) => {
      const rows = await tx.$queryRaw<{ target_id: string; state: string }[]>`
        SELECT DISTINCT ON (leaf.target_id) leaf.target_id::text, coalesce(batch.state, 'waiting') AS state
        FROM leaf LEFT JOIN batch ON batch.organisation_id = leaf.organisation_id AND batch.id = leaf.batch_id
        WHERE leaf.organisation_id = ${organisationId}::uuid AND leaf.target_id = ANY(${[...targetIds]}::uuid[])
        ORDER BY leaf.target_id, leaf.created_at DESC`
      return new Map(rows.map(({ target_id, state }) => [target_id, state as 'waiting' | BatchState]))
    },
    issuersToSeal: async (closing, atLeast) => {
      const rows = await tx.$queryRaw<{ organisation_id: string; issuer_id: string }[]>`
        SELECT organisation_id::text, issuer_id::text FROM leaf WHERE batch_id IS NULL
        GROUP BY organisation_id, issuer_id
        HAVING min(created_at) < ${date(closing)} OR count(*) >= ${atLeast}
        ORDER BY min(created_at) LIMIT 100`
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        issuerId: row.issuer_id as IssuerId,
      }))
    },
    lockOpenLeaves: async (issuerId, limit) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`seal:${issuerId}`}, 0))::text`
      const rows = await tx.leaf.findMany({
        where: { issuer_id: issuerId, batch_id: null },
        orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
        take: limit,
      })
      return rows.map(toLeaf)
    },
    lastBatch: async (issuerId) => {
      const row = await tx.batch.findFirst({ where: { issuer_id: issuerId }, orderBy: { sequence: 'desc' } })
      return row === null ? undefined : toBatch(row)
    },
    insertBatch: async (batch) => {
      await tx.batch.create({
        data: {
          organisation_id: batch.organisationId,
          id: batch.id,
          issuer_id: batch.issuerId,
          sequence: batch.sequence,
          signer: batch.signer,
          chain_id: batch.chainId,
          contract: batch.contract,
          root: bytes(batch.root),
          previous_root: bytes(batch.previousRoot),
          size: batch.size,
          real_leaves: batch.realLeaves,
          sealed_header_salt: bytes(batch.sealedHeaderSalt),
          leaf_hashes: bytes(batch.leafHashes),
          state: batch.state,
          sealed_at: date(batch.sealedAt),
        },
      })
    },
    placeLeaves: async (batchId, places) => {
      await lockInOrder(
        tx,
        places.map(({ leafId }) => leafId),
      )
      await tx.$executeRaw`
        UPDATE leaf SET batch_id = ${batchId}::uuid, position = placed.position
        FROM unnest(${places.map((place) => place.leafId)}::uuid[], ${places.map((place) => place.position)}::int[]) AS placed (id, position)
        WHERE leaf.id = placed.id`
    },
    findBatch: async (id) => {
      const row = await tx.batch.findUnique({ where: { id } })
      return row === null ? undefined : toBatch(row)
    },
    listBatches: async (organisationId, request) => {
      const rows = await tx.batch.findMany(
        newestFirst<Prisma.batchWhereInput>('sealed_at', request, { organisation_id: organisationId }),
      )
      return page(rows.map(toBatch), request.limit, (batch) => batch.sealedAt)
    },
    revokedPositions: async (batchId) => {
      const rows = await tx.$queryRaw<{ position: number }[]>`
        SELECT leaf.position FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id
        WHERE leaf.batch_id = ${batchId}::uuid AND edition.revoked_at IS NOT NULL ORDER BY leaf.position`
      return rows.map(({ position }) => position)
    },
    batchesOnChain: async (limit) =>
      (
        await tx.batch.findMany({
          where: { state: { in: ['mined', 'final'] } },
          orderBy: { sealed_at: 'desc' },
          take: limit,
        })
      ).map(toBatch),
    newestBlock: async (chainId, contract) => {
      const { _max } = await tx.batch.aggregate({
        where: { chain_id: BigInt(chainId), contract: { equals: contract, mode: 'insensitive' } },
        _max: { block_number: true },
      })
      return _max.block_number === null ? undefined : Number(_max.block_number)
    },
    unknownAmong: async (anchored) => {
      if (anchored.length === 0) return []
      const rows = await tx.$queryRaw<{ at: number }[]>`
        SELECT found.at::int AS at
        FROM unnest(
          ${anchored.map(({ signer }) => signer)}::text[], ${anchored.map(({ root }) => Buffer.from(root.slice(2), 'hex'))}::bytea[]
        ) WITH ORDINALITY AS found (signer, root, at)
        WHERE EXISTS (SELECT FROM issuer_key WHERE public_key = found.signer)
          AND NOT EXISTS (SELECT FROM batch JOIN issuer_key ON issuer_key.issuer_id = batch.issuer_id AND issuer_key.public_key = found.signer WHERE batch.root = found.root)
        ORDER BY at`
      return rows.flatMap(({ at }) => anchored[at - 1] ?? [])
    },
    anchorUnder: async ({ old, replacement, since }) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE batch SET signer = ${replacement}, state = 'sealed', block_number = NULL, block_time = NULL, final_at = NULL
        WHERE signer = ${old} AND (block_time IS NULL OR block_time >= ${date(since)}) RETURNING id::text`
      await queueAnew(tx, { batch_id: { in: rows.map(({ id }) => id) } })
      return rows.length
    },
    changeSigner: async (batchId, signer) => {
      await tx.batch.update({
        where: { id: batchId },
        data: { signer, state: 'sealed', block_number: null, block_time: null, final_at: null },
      })
      await queueAnew(tx, { batch_id: batchId })
    },
    unpark: async (batchId) => {
      const { count } = await tx.chain_task.updateMany({
        where: { batch_id: batchId, kind: 'revoke', state: 'queued', parked_at: { not: null } },
        data: { attempts: 0, next_attempt_at: null, parked_at: null },
      })
      return count
    },
    tasksOfKey: async (keyId) =>
      (await tx.chain_task.findMany({ where: { key_id: keyId }, orderBy: { created_at: 'asc' } })).map(
        toTask,
      ),
    doAgain: async (what) => {
      const where =
        'batchId' in what
          ? { batch_id: what.batchId }
          : {
              issuer_id: 'registrationOf' in what ? what.registrationOf : what.statementsOf,
              kind: {
                in: [
                  'publish_key',
                  ...('registrationOf' in what ? ['register', 'grant_key', 'cut_off'] : []),
                ],
              },
            }
      const count = await queueAnew(tx, { ...where, state: { in: ['mined', 'final'] } })
      if (count > 0 && 'batchId' in what)
        await tx.batch.update({
          where: { id: what.batchId },
          data: { state: 'sealed', block_number: null, block_time: null, final_at: null },
        })
      return count
    },
    moveBatch: async (id, state, block, finalAt) => {
      await tx.batch.update({
        where: { id },
        data: {
          state,
          ...(block === undefined
            ? {}
            : { block_number: BigInt(block.number), block_time: date(block.time) }),
          ...(finalAt === undefined ? {} : { final_at: date(finalAt) }),
        },
      })
    },

    insertTask: async (task) => {
      await tx.chain_task.createMany({
        data: {
          organisation_id: task.organisationId,
          id: task.id,
          issuer_id: task.issuerId,
          kind: task.kind,
          batch_id: task.batchId ?? null,
          key_id: task.keyId ?? null,
          positions: task.positions === undefined ? [] : [...task.positions],
          attested_message_id: task.attestedMessageId ?? null,
          state: task.state,
          created_at: date(task.createdAt),
        },
        skipDuplicates: true,
      })
    },
    tasks: async (states, limit, now) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM chain_task task
        WHERE state = ANY(${[...states]}::text[]) AND parked_at IS NULL
          AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})
          AND (state <> 'queued' OR kind IN ('register', 'attest', 'withdraw') OR NOT EXISTS (
            SELECT 1 FROM chain_task registration
            WHERE registration.issuer_id = task.issuer_id AND registration.kind IN ('register', 'grant_key') AND registration.kind <> task.kind
              AND registration.state NOT IN ('mined', 'final')))
          AND (kind <> 'revoke' OR EXISTS (
            SELECT 1 FROM chain_task anchor
            WHERE anchor.batch_id = task.batch_id AND anchor.kind = 'anchor' AND anchor.state IN ('mined', 'final')))
        ORDER BY created_at, id LIMIT ${limit}`
      const tasks = await tx.chain_task.findMany({
        where: { id: { in: rows.map(({ id }) => id) } },
        orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
      })
      return tasks.map(toTask)
    },
    moveTask: async (id, from, to) => {
      const { count } = await tx.chain_task.updateMany({
        where: { id, state: { in: [...from] } },
        data: { state: to },
      })
      return count === 1
    },
    failTask: async (id, { error, next, at, passing = false }) => {
      await tx.chain_task.update({
        where: { id },
        data: {
          ...(passing ? {} : { attempts: { increment: 1 } }),
          last_error: error.slice(0, 500),
          next_attempt_at: dateOrNull(next),
          ...(next === undefined ? { parked_at: date(at) } : {}),
        },
      })
    },

    lockSender: async (chainId, sender) => {
      const [row] = await tx.$queryRaw<{ locked: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`sender:${chainId}:${sender}`}, 0)) AS locked`
      return row?.locked ?? false
    },
    awaitSender: async (chainId, sender) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sender:${chainId}:${sender}`}, 0))::text`
    },
    lastNonce: async (chainId, sender) => {
      const row = await tx.chain_transaction.findFirst({
        where: { chain_id: BigInt(chainId), sender },
        orderBy: { nonce: 'desc' },
      })
      return row === null ? undefined : Number(row.nonce)
    },
    resendFrom: async (chainId, sender, nonce) => {
      const rows = await tx.$queryRaw<{ batch_id: string | null; kind: string }[]>`
        UPDATE chain_task SET state = 'signed' WHERE state IN ('sent', 'mined', 'final') AND id IN (
          SELECT task_id FROM chain_transaction
          WHERE chain_id = ${BigInt(chainId)} AND sender = ${sender} AND nonce >= ${BigInt(nonce)}
        ) RETURNING batch_id::text, kind`
      const batches = rows.flatMap(({ batch_id, kind }) =>
        batch_id === null || kind !== 'anchor' ? [] : [batch_id],
      )
      await tx.batch.updateMany({ where: { id: { in: batches } }, data: { state: 'signed' } })
      return rows.length
    },
    heldNonces: async (chainId, sender, from) => {
      const rows = await tx.$queryRaw<{ nonce: bigint }[]>`
        SELECT DISTINCT held.nonce FROM chain_transaction held LEFT JOIN chain_task task ON task.id = held.task_id
        WHERE held.chain_id = ${BigInt(chainId)} AND held.sender = ${sender} AND held.nonce >= ${BigInt(from)}
          AND (held.task_id IS NULL OR (
            task.state IN ('signed', 'sent', 'mined', 'final') AND task.parked_at IS NULL
            AND NOT EXISTS (
              SELECT 1 FROM chain_transaction newer
              WHERE newer.task_id = held.task_id AND newer.nonce <> held.nonce
                AND (newer.created_at, newer.nonce) > (held.created_at, held.nonce))))
        ORDER BY held.nonce`
      return rows.map(({ nonce }) => Number(nonce))
    },
    newestWith: async (chainId, sender, nonce) => {
      const row = await tx.chain_transaction.findFirst({
        where: { chain_id: BigInt(chainId), sender, nonce: BigInt(nonce) },
        orderBy: { bump: 'desc' },
      })
      return row === null ? undefined : toTransaction(row)
    },
    fillersFrom: async (chainId, sender, nonce) => {
      const rows = await tx.chain_transaction.findMany({
        where: { chain_id: BigInt(chainId), sender, nonce: { gte: BigInt(nonce) }, task_id: null },
        orderBy: [{ nonce: 'asc' }, { bump: 'desc' }],
        distinct: ['nonce'],
      })
      return rows.map(toTransaction)
    },
    insertTransaction: async (chainId, transaction) => {
      const { sender } = transaction
      const [chain, nonce] = [BigInt(chainId), BigInt(transaction.nonce)]
      const { _max } = await tx.chain_transaction.aggregate({
        where: { chain_id: chain, sender, nonce },
        _max: { bump: true },
      })
      await tx.chain_transaction.create({
        data: {
          chain_id: chain,
          sender,
          nonce,
          bump: (_max.bump ?? -1) + 1,
          hash: transaction.hash,
          raw: transaction.raw,
          task_id: transaction.taskId ?? null,
          created_at: date(transaction.createdAt),
        },
      })
    },
    transactionsOf: async (taskId) =>
      (
        await tx.chain_transaction.findMany({
          where: { task_id: taskId },
          orderBy: [{ created_at: 'asc' }, { nonce: 'asc' }, { bump: 'asc' }],
        })
      ).map(toTransaction),
    markSent: async (hash, at) => {
      await tx.chain_transaction.updateMany({ where: { hash, sent_at: null }, data: { sent_at: date(at) } })
    },
  }
}

/** Whoever locks several does so in one order. */
const lockInOrder = (tx: Transaction, ids: readonly LeafId[]) =>
  tx.$queryRaw`SELECT 1 FROM leaf WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`

/** Tasks begin anew. What was signed for them before belongs to no task any more, and holds its nonce all the same. */
async function queueAnew(tx: Transaction, where: Prisma.chain_taskWhereInput): Promise<number> {
  const ids = (await tx.chain_task.findMany({ where, select: { id: true } })).map(({ id }) => id)
  await tx.chain_transaction.updateMany({ where: { task_id: { in: ids } }, data: { task_id: null } })
  const { count } = await tx.chain_task.updateMany({
    where: { id: { in: ids } },
    data: { state: 'queued', attempts: 0, next_attempt_at: null, parked_at: null, last_error: null },
  })
  return count
}

export const toLeaf = (row: LeafRow): Leaf => ({
  ...(row.batch_id === null || row.position === null
    ? {}
    : { place: { batchId: row.batch_id as BatchId, position: row.position } }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as LeafId,
  issuerId: row.issuer_id as IssuerId,
  kind: row.kind,
  targetId: row.target_id,
  digest: row.digest,
  sealedSalt: row.sealed_salt,
  hash: row.hash,
  createdAt: instant(row.created_at),
})

export const toBatch = (row: BatchRow): Batch => ({
  ...(row.block_number === null || row.block_time === null
    ? {}
    : { block: { number: Number(row.block_number), time: instant(row.block_time) } }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as BatchId,
  issuerId: row.issuer_id as IssuerId,
  sequence: row.sequence,
  signer: row.signer as Hex,
  chainId: Number(row.chain_id),
  contract: row.contract as Hex,
  root: row.root,
  previousRoot: row.previous_root,
  size: row.size,
  realLeaves: row.real_leaves,
  sealedHeaderSalt: row.sealed_header_salt,
  leafHashes: row.leaf_hashes,
  state: row.state as BatchState,
  sealedAt: instant(row.sealed_at),
})

const toTask = (row: TaskRow): ChainTask => ({
  ...known({
    batchId: row.batch_id as BatchId | null,
    keyId: row.key_id as KeyId | null,
    attestedMessageId: row.attested_message_id as AttestedMessageId | null,
  }),
  ...(row.positions.length === 0 ? {} : { positions: row.positions }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id,
  issuerId: row.issuer_id as IssuerId,
  kind: row.kind as ChainTask['kind'],
  state: row.state as ChainTask['state'],
  createdAt: instant(row.created_at),
  attempts: row.attempts,
})

const toTransaction = (row: TransactionRow): StoredTransaction => ({
  ...known({ sentAt: instantOrNull(row.sent_at), taskId: row.task_id }),
  hash: row.hash as Hex,
  raw: row.raw as Hex,
  nonce: Number(row.nonce),
  sender: row.sender as Hex,
  bump: row.bump,
  createdAt: instant(row.created_at),
})
