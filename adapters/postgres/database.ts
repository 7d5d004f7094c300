import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { databaseErrors } from '#engine/errors/database-errors.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { Prisma, PrismaClient } from '#prisma'
import type { Database } from '#services/ports/database.ts'
import { eventIntake } from './event-intake.ts'
import { plainTransaction, type Role } from './plain-transaction.ts'
import { statementName } from './statement-name.ts'
import { transactionStores } from './transaction-stores.ts'

export interface PostgresDatabase extends Database {
  /** One transaction in one of the two roles, for adapters beside the stores. */
  transaction<T>(
    role: Role,
    organisationId: string,
    work: (tx: Prisma.TransactionClient) => Promise<T>,
  ): Promise<T>
  close(): Promise<void>
}

/** How often a transaction that lost a race is run. */
const ATTEMPTS = 5

/**
 * Opens the database. Every transaction takes one of two roles for its length (row-level security does the rest):
 * nothing reaches a connection as the owner.
 */
export function openDatabase(url: string, { connections = 10 } = {}): PostgresDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5000,
    pipeline: true,
  })
  // A connection that is cut while nobody asks must not end the process; the next query says so.
  pool.on('error', () => {})
  pool.on('connect', (connection) => connection.on('error', () => {}))
  const adapter = new PrismaPg(pool, {
    statementNameGenerator: ({ sql }) => statementName(sql) as string,
    disposeExternalPool: true,
  })
  const client = new PrismaClient({ adapter, transactionOptions: { maxWait: 5000, timeout: 60_000 } })

  const within = <T>(
    role: Role,
    organisationId: string,
    work: (tx: Prisma.TransactionClient) => Promise<T>,
    isolation: { readonly isolationLevel?: 'RepeatableRead' } = {},
  ): Promise<T> =>
    runAgain(() =>
      client.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT set_config('role', ${role}, true), set_config('waarmerk.organisation', ${organisationId}, true)`
        return await work(tx)
      }, isolation),
    )
  const transaction: PostgresDatabase['transaction'] = (role, organisationId, work) =>
    within(role, organisationId, work)

  return {
    transaction,
    inOrganisation: (organisationId, work) =>
      transaction('waarmerk_tenant', organisationId, (tx) => work(transactionStores(tx))),
    readingInOrganisation: (organisationId, work) =>
      within('waarmerk_tenant', organisationId, (tx) => work(transactionStores(tx)), {
        isolationLevel: 'RepeatableRead',
      }),
    asWorker: (work) => transaction('waarmerk_worker', '', (tx) => work(transactionStores(tx))),
    takingEvents: (organisationId, work) =>
      runAgain(() =>
        plainTransaction(pool, { role: 'waarmerk_tenant', organisationId }, (sql) =>
          work(eventIntake(sql, organisationId)),
        ),
      ),
    ping: async () => {
      try {
        await client.$queryRaw`SELECT 1`
      } catch (error) {
        throw databaseErrors.databaseUnavailable({}, error)
      }
    },
    close: () => client.$disconnect(),
  }
}

/** Runs what lost a race again, and gives what the database could not do our own name. */
async function runAgain<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (error instanceof WaarmerkError) throw error
      if (isConflict(error) && attempt < ATTEMPTS) {
        await new Promise((done) => setTimeout(done, 10 * 2 ** attempt * Math.random()))
        continue
      }
      if (isUnavailable(error)) throw databaseErrors.databaseUnavailable({}, error)
      throw error
    }
  }
}

/**
 * Deadlock detected, serialisation failure, or a unique key that another transaction took first: run again, the work
 * sees what the winner wrote, and answers that by its own name. Or Prisma's words for them.
 */
function isConflict(error: unknown): boolean {
  return (
    (error instanceof Prisma.PrismaClientKnownRequestError && ['P2034', 'P2002'].includes(error.code)) ||
    ['40001', '40P01', '23505'].includes(sqlState(error) ?? '')
  )
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    if (['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'].includes(error.code)) return true
  }
  return (
    /^(57|53|08)/.test(sqlState(error) ?? '') ||
    /ECONN|EPIPE|terminated|timeout exceeded|not queryable/i.test(String(error))
  )
}

/** The SQLSTATE of a driver's error, however deep Prisma has wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 6; depth++) {
    if (at instanceof pg.DatabaseError) return at.code
    const { originalCode, cause, meta, driverAdapterError } = at as Record<string, unknown>
    if (typeof originalCode === 'string') return originalCode
    at = cause ?? driverAdapterError ?? (meta as Record<string, unknown> | undefined)?.['driverAdapterError']
  }
  return undefined
}
