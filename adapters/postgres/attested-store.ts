import type { AttestedAct } from '#engine/attested-awards/attested-messages.ts'
import type { AttestedRule } from '#engine/attested-awards/attested-rule.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import type {
  AttestedCaseId,
  AttestedMessageId,
  AttestedRuleId,
  EventId,
  IssuerId,
  OrganisationId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type {
  attested_case as CaseRow,
  attested_message as MessageRow,
  Prisma,
  attested_rule as RuleRow,
  chain_task as TaskRow,
} from '#prisma'
import type {
  AttestedCase,
  AttestedMessage,
  AttestedStore,
  CaseWithRule,
  DeliveredMessage,
  RegisteredRule,
} from '#services/ports/attested-store.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import { bytes, date, dateOrNull, instant, known, newestFirst, page, type Transaction } from './rows.ts'

export function attestedStore(tx: Transaction): AttestedStore {
  /** Cases with their rules, in the order of the ids. */
  const withRules = async (ids: readonly { readonly id: string }[]): Promise<readonly CaseWithRule[]> => {
    const rows = await tx.attested_case.findMany({
      where: { id: { in: ids.map(({ id }) => id) } },
      orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
    })
    const rules = await tx.attested_rule.findMany({
      where: { id: { in: [...new Set(rows.map((row) => row.rule_id))] } },
    })
    const ruleOf = new Map(rules.map((row) => [row.id, toRule(row)]))
    return rows.flatMap((row) => {
      const rule = ruleOf.get(row.rule_id)
      return rule === undefined ? [] : [{ rule, case: toCase(row) }]
    })
  }

  return {
    insertRule: async (rule) => {
      const { count } = await tx.attested_rule.createMany({
        data: {
          organisation_id: rule.organisationId,
          id: rule.id,
          issuer_id: rule.issuerId,
          name: rule.name,
          rule_hash: hexBytes(rule.hash),
          rule: rule.rule as unknown as Prisma.InputJsonObject,
          statements: rule.statements.map((said) => said ?? null) as Prisma.InputJsonArray,
          closes_at: BigInt(rule.rule.closesAt),
          ...place(rule.at),
          created_at: date(rule.createdAt),
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    findRule: async (organisationId, id) => {
      const row = await tx.attested_rule.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toRule(row)
    },
    listRules: async (organisationId, request) => {
      const rows = await tx.attested_rule.findMany(
        newestFirst<Prisma.attested_ruleWhereInput>('created_at', request, {
          organisation_id: organisationId,
        }),
      )
      return page(rows.map(toRule), request.limit, (each) => each.createdAt)
    },

    insertCase: async (added) => {
      const { count } = await tx.attested_case.createMany({
        data: {
          organisation_id: added.organisationId,
          id: added.id,
          rule_id: added.ruleId,
          subject_id: added.subjectId,
          commitment: hexBytes(added.commitment),
          sealed_salt: bytes(added.sealedSalt),
          created_at: date(added.createdAt),
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    findCase: async (organisationId, id) => {
      const row = await tx.attested_case.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toCase(row)
    },
    caseOf: async (organisationId, ruleId, subjectId) => {
      const row = await tx.attested_case.findFirst({
        where: { organisation_id: organisationId, rule_id: ruleId, subject_id: subjectId },
      })
      return row === null ? undefined : toCase(row)
    },
    listCases: async (organisationId, ruleId, request) => {
      const rows = await tx.attested_case.findMany(
        newestFirst<Prisma.attested_caseWhereInput>('created_at', request, {
          organisation_id: organisationId,
          rule_id: ruleId,
        }),
      )
      return page(rows.map(toCase), request.limit, (each) => each.createdAt)
    },

    insertMessage: async (message) => {
      const said = {
        organisation_id: message.organisationId,
        case_id: message.caseId,
        act: message.act,
        criterion: message.criterion,
        attester: message.attester,
        said_at: BigInt(message.saidAt),
      }
      const { count } = await tx.attested_message.createMany({
        data: {
          ...said,
          id: message.id,
          deadline: BigInt(message.deadline),
          signature: bytes(message.signature),
          created_at: date(message.createdAt),
        },
        skipDuplicates: true,
      })
      if (count === 1) return undefined
      const before = await tx.attested_message.findFirstOrThrow({ where: said })
      return before.id as AttestedMessageId
    },
    findMessage: async (organisationId, id) => {
      const row = await tx.attested_message.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toMessage(row)
    },
    messagesOf: async (organisationId, caseId) => {
      const rows = await tx.attested_message.findMany({
        where: { organisation_id: organisationId, case_id: caseId },
        orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
      })
      const tasks = await tx.chain_task.findMany({
        where: { organisation_id: organisationId, attested_message_id: { in: rows.map(({ id }) => id) } },
      })
      const hashes = await tx.$queryRaw<{ task_id: string; hash: string }[]>`
        SELECT task_id::text, hash FROM transactions_of(${tasks.map(({ id }) => id)}::uuid[])`
      const hashOf = new Map(hashes.map(({ task_id, hash }) => [task_id, hash as Hex]))
      const taskOf = new Map(tasks.map((task) => [task.attested_message_id, task]))
      return rows.map((row) => {
        const task = taskOf.get(row.id)
        return delivered(row, task, hashOf.get(task?.id ?? ''))
      })
    },

    cursor: async (at) => {
      const row = await tx.chain_cursor.findUnique({ where: { chain_id_contract: place(at) } })
      return row === null ? undefined : { block: Number(row.block), blockTime: instant(row.block_time) }
    },
    moveCursor: async (at, from, { block, blockTime }) => {
      const to = { block: BigInt(block), block_time: date(blockTime) }
      if (from === undefined) {
        const { count } = await tx.chain_cursor.createMany({
          data: { ...place(at), ...to },
          skipDuplicates: true,
        })
        return count === 1
      }
      const { count } = await tx.chain_cursor.updateMany({
        where: { ...place(at), block: BigInt(from) },
        data: to,
      })
      return count === 1
    },
    unreadCases: async (at, limit) =>
      withRules(
        await tx.$queryRaw<{ id: string }[]>`
          SELECT attested_case.id::text FROM attested_case
          JOIN attested_rule rule ON rule.id = attested_case.rule_id
          WHERE as_of_block IS NULL AND awarded_at IS NULL
            AND rule.chain_id = ${BigInt(at.chainId)} AND rule.contract = ${at.contract}
          ORDER BY attested_case.created_at, attested_case.id LIMIT ${limit}`,
      ),
    oldestOpenBlock: async (at, readUntil) => {
      const until = readUntil === undefined ? 0 : Math.floor(readUntil / 1000)
      const [row] = await tx.$queryRaw<{ block: bigint | null }[]>`
        SELECT min(as_of_block) AS block FROM attested_case
        JOIN attested_rule rule ON rule.id = attested_case.rule_id
        WHERE awarded_at IS NULL AND rule.closes_at > ${BigInt(until)}
          AND rule.chain_id = ${BigInt(at.chainId)} AND rule.contract = ${at.contract}`
      return row?.block === null || row === undefined ? undefined : Number(row.block)
    },
    lockCasesOf: async (at, commitments) =>
      withRules(
        await tx.$queryRaw<{ id: string }[]>`
          SELECT attested_case.id::text FROM attested_case
          JOIN attested_rule rule ON rule.id = attested_case.rule_id
          WHERE commitment = ANY(${commitments.map(hexBytes)}::bytea[]) AND as_of_block IS NOT NULL
            AND rule.chain_id = ${BigInt(at.chainId)} AND rule.contract = ${at.contract}
          ORDER BY attested_case.id FOR NO KEY UPDATE OF attested_case`,
      ),
    saveRead: async (id, { state: { standing, awardedAt }, block }) => {
      await tx.attested_case.updateMany({
        where: { id, OR: [{ as_of_block: null }, { as_of_block: { lt: BigInt(block) } }] },
        data: {
          standing: [...standing].sort((a, b) => a - b),
          as_of_block: BigInt(block),
          awarded_at: dateOrNull(awardedAt === undefined ? undefined : asInstant(awardedAt * 1000)),
        },
      })
    },
    forgetAfter: async (at, block) => {
      await tx.$executeRaw`
        UPDATE attested_case SET as_of_block = NULL FROM attested_rule rule
        WHERE rule.id = attested_case.rule_id AND awarded_at IS NULL AND as_of_block > ${BigInt(block)}
          AND rule.chain_id = ${BigInt(at.chainId)} AND rule.contract = ${at.contract}`
    },
    unenteredCases: async (limit) =>
      withRules(
        await tx.attested_case.findMany({
          where: { awarded_at: { not: null }, event_id: null },
          select: { id: true },
          orderBy: [{ awarded_at: 'asc' }, { id: 'asc' }],
          take: limit,
        }),
      ),
    enter: async (id, eventId) => {
      const { count } = await tx.attested_case.updateMany({
        where: { id, event_id: null },
        data: { event_id: eventId },
      })
      return count === 1
    },
  }
}

const toRule = (row: RuleRow): RegisteredRule => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AttestedRuleId,
  issuerId: row.issuer_id as IssuerId,
  name: row.name,
  hash: toHex(row.rule_hash),
  rule: row.rule as unknown as AttestedRule,
  statements: (row.statements as readonly (string | null)[]).map((said) => said ?? undefined),
  at: { chainId: Number(row.chain_id), contract: row.contract as Hex },
  createdAt: instant(row.created_at),
})

const toCase = (row: CaseRow): AttestedCase => ({
  ...known({ eventId: row.event_id as EventId | null }),
  ...(row.as_of_block === null
    ? {}
    : {
        read: {
          block: Number(row.as_of_block),
          state: {
            standing: new Set(row.standing),
            ...(row.awarded_at === null ? {} : { awardedAt: instant(row.awarded_at) / 1000 }),
          },
        },
      }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AttestedCaseId,
  ruleId: row.rule_id as AttestedRuleId,
  subjectId: row.subject_id as SubjectId,
  commitment: toHex(row.commitment),
  sealedSalt: row.sealed_salt,
  createdAt: instant(row.created_at),
})

const toMessage = (row: MessageRow): AttestedMessage => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AttestedMessageId,
  caseId: row.case_id as AttestedCaseId,
  act: row.act as AttestedAct,
  criterion: row.criterion,
  attester: row.attester as Hex,
  saidAt: Number(row.said_at),
  deadline: Number(row.deadline),
  signature: row.signature,
  createdAt: instant(row.created_at),
})

function delivered(
  row: MessageRow,
  task: TaskRow | undefined,
  transaction: Hex | undefined,
): DeliveredMessage {
  const isGivenUp = task?.parked_at !== null && task?.parked_at !== undefined
  return {
    ...toMessage(row),
    ...(transaction === undefined ? {} : { transaction }),
    ...known({ lastError: task?.last_error ?? null }),
    delivery: isGivenUp ? 'refused' : ((task?.state ?? 'queued') as DeliveredMessage['delivery']),
  }
}

const place = ({ chainId, contract }: ChainAddress) => ({ chain_id: BigInt(chainId), contract })

const hexBytes = (hex: Hex): Uint8Array<ArrayBuffer> => bytes(fromHex(hex) ?? new Uint8Array())
