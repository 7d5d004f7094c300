import { setTimeout } from 'node:timers/promises'
import { createIssueAwards, ISSUE_PASS } from '#services/awards/issue-awards.ts'
import type { IssueAwardsNeeds } from '#services/awards/issue-needs.ts'
import { createGranting, issuingParts } from '#test/credentials/due-awards.ts'
import { requireDurable, withBenchDatabase } from '../bench-database.ts'
import type { Benchmark, Table } from '../benchmark.ts'
import { whole } from '../table.ts'

/** How many awards a pass takes: one by one, as before a change, and as the product does. */
const PASSES = [1, 25, ISSUE_PASS]

/** Awards a second through the whole issue step, and where the time goes. */
export const issueStepBenchmark: Benchmark = {
  name: 'issue-step',
  about: 'awards a second that the issue step takes from due to issued, with its database',
  run: async (pace) => [
    await withBenchDatabase(async ({ database, client, disk }): Promise<Table> => {
      await requireDurable(client)
      const { needs, threads } = issuingParts(database)
      const { grant } = await createGranting(database)
      const watched = watch(needs)
      while (threads.ready() === 0) await setTimeout(50)
      const rows: string[][] = []
      for (const size of PASSES) {
        pace.progress(`the issue step, ${size} at a time`)
        const step = createIssueAwards(watched.needs, size)
        const all = async () => {
          while ((await step()).more);
        }
        // The first ones teach both sides: statements are planned, the shape becomes known.
        await grant(Math.max(size, 20))
        await all()
        const awards = pace.sideMs < 1000 ? Math.max(size, 20) : Math.max(size * 10, 200)
        await grant(awards)
        watched.reset()
        const from = performance.now()
        const cpu = process.cpuUsage()
        await all()
        const ms = performance.now() - from
        const { user, system } = process.cpuUsage(cpu)
        const part = (of: number) => `${whole((of / ms) * 100)}%`
        rows.push([
          whole(size),
          `**${whole((awards * 1000) / ms)}/s**`,
          part(watched.spent.signing),
          part(watched.spent.database),
          `${whole((user + system) / awards)} µs`,
        ])
      }
      const { rows: found } = await client.query(
        `SELECT (SELECT count(*) FROM award WHERE state <> 'issued') + (SELECT count(*) FROM award)
           - (SELECT count(*) FROM credential_edition WHERE state = 'signed') + (SELECT count(*) FROM award)
           - (SELECT count(*) FROM leaf) + (SELECT count(*) FROM award) - (SELECT count(*) FROM mail) AS wrong`,
      )
      await threads.close()
      if (Number(found[0].wrong) !== 0) throw new Error(`${found[0].wrong} awards were issued wrongly.`)
      return {
        title: 'issue-step: awards issued a second',
        columns: [
          'awards a pass',
          'awards',
          'of it signing',
          'of it transactions',
          'processor time an award',
        ],
        rows,
        notes: [
          'The issue step (`services/awards/issue-awards.ts`) over awards that are due, each of another person with an e-mail address: claim, document, status index, signature, leaf, mail with the link to claim. With webhooks and audit as there are none. No peer.',
          '“Transactions” is the time in which one is open, what the stores do in this process included; “signing” is `issueMany()`, the benchmark `issue` alone. Processor time is that of this process, threads included, and not PostgreSQL’s.',
          `PostgreSQL of its own ${disk}, with normal durability. Afterwards every award had one signed edition, one leaf and one mail.`,
        ],
      }
    }),
  ],
}

/** The same needs, with a count of the milliseconds that were spent in signatures and in transactions. */
function watch(needs: IssueAwardsNeeds) {
  const spent = { signing: 0, database: 0 }
  const timed = async <T>(what: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    try {
      return await work()
    } finally {
      spent[what] += performance.now() - from
    }
  }
  const watched: IssueAwardsNeeds = {
    ...needs,
    issueMany: (...of) => timed('signing', () => needs.issueMany(...of)),
    database: {
      ...needs.database,
      asWorker: (work) => timed('database', () => needs.database.asWorker(work)),
    },
  }
  const reset = () => {
    spent.signing = 0
    spent.database = 0
  }
  return { needs: watched, spent, reset }
}
