import { withClient } from '#adapters/postgres/with-client.ts'
import { printSignInLink } from '../../cli/sign-in-link.ts'
import type { Config } from '../../config.ts'
import { findDatabase } from '../../private-database.ts'
import { until } from '../product-client.ts'
import { Caller } from './caller.ts'

/** What only whoever runs the product can do: sign anybody in, and read the mail that it sends. */
export interface Operator {
  /** Somebody who has proven an address and signed in. */
  readonly signIn: (email: string) => Promise<Caller>
  /** The newest mail to an address whose text matches, as what matched; waits for it. */
  readonly mailed: (email: string, pattern: RegExp) => Promise<string>
  readonly mailCount: (email: string) => Promise<number>
  /** Asks the database itself: for what time alone would bring. */
  readonly ask: (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>
}

/** Throws where the database of the product cannot be found: a demo of people needs their mail. */
export async function findOperator(url: string, config: Config): Promise<Operator> {
  const databaseUrl = await findDatabase(config)
  if (databaseUrl === undefined)
    throw new Error(
      'Set DATABASE_URL or DATA_DIR to those of the product that runs: people get links by mail.',
    )
  const ask = (sql: string, values: readonly unknown[]) =>
    withClient(databaseUrl, async (client) => (await client.query(sql, [...values])).rows)
  return {
    signIn: async (email) => {
      let link = ''
      await printSignInLink({ ...config, DATABASE_URL: databaseUrl, PUBLIC_URL: url }, email, (line) => {
        link = line
      })
      const caller = new Caller(url)
      const { status } = await caller.post('/v1/session', { token: link.slice(link.indexOf('#') + 1) })
      if (status !== 201) throw new Error(`${email} was not signed in: ${status}.`)
      return caller
    },
    mailed: (email, pattern) =>
      until(async () => {
        const rows = await ask('SELECT text FROM mail WHERE recipient = $1 ORDER BY created_at DESC', [email])
        for (const { text } of rows) {
          const found = pattern.exec(String(text))
          if (found !== null) return found[1] ?? found[0]
        }
        return undefined
      }, `a mail to ${email}`),
    mailCount: async (email) => (await ask('SELECT 1 FROM mail WHERE recipient = $1', [email])).length,
    ask,
  }
}
