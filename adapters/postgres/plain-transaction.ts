import pg from 'pg'
import type { Sql } from './sql.ts'
import { statementName } from './statement-name.ts'

export type Role = 'waarmerk_tenant' | 'waarmerk_worker'

/**
 * One transaction straight on the driver, for the few use cases where Prisma's share would be the larger one.
 * The pool's connections are in pipeline mode: what opens the transaction travels together with its first statement.
 */
export async function plainTransaction<T>(
  pool: pg.Pool,
  { role, organisationId }: { readonly role: Role; readonly organisationId: string },
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    const opening = client.query(openingOf(role, organisationId))
    const result = await work(sqlOn(client, opening))
    await opening
    const { command } = await client.query('COMMIT')
    // PostgreSQL answers so when a statement has failed and nobody passed that on.
    if (command !== 'COMMIT') throw new Error('A transaction with a failed statement was to be committed.')
    client.release()
    return result
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    )
    throw error
  }
}

/**
 * One message, one answer. Its statements are prepared once and say little about how many rows come: their generic
 * plans are as good as any, and planning anew for each batch would cost as much as running it.
 */
const openingOf = (role: Role, organisationId: string): string =>
  `BEGIN; SELECT set_config('role', '${role}', true), set_config('waarmerk.organisation', ${pg.escapeLiteral(organisationId)}, true), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('statement_timeout', '60s', true)`

/**
 * Nothing is answered before the transaction was opened. What is sent before that and the opening fails, fails too: a
 * transaction in which a statement has failed takes no other.
 */
function sqlOn(client: pg.PoolClient, opening: Promise<unknown>): Sql {
  const query = async (template: TemplateStringsArray, values: unknown[]) => {
    const [answer] = await Promise.all([client.query({ ...statementOf(template), values }), opening])
    return answer
  }
  return {
    $queryRaw: async <Rows>(text: TemplateStringsArray, ...values: unknown[]) =>
      (await query(text, values)).rows as Rows,
    $executeRaw: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
  }
}

const statements = new WeakMap<TemplateStringsArray, { readonly text: string; readonly name?: string }>()

function statementOf(template: TemplateStringsArray): { readonly text: string; readonly name?: string } {
  let statement = statements.get(template)
  if (statement === undefined) {
    const text = template.reduce((before, next, index) => `${before}$${index}${next}`)
    const name = statementName(text)
    statement = { text, ...(name === undefined ? {} : { name }) }
    statements.set(template, statement)
  }
  return statement
}
