/**
 * Without arguments: starts the product on an empty folder and plays the rows of the certification guide of Open Badges 3.0
 * against it (docs/conformance.md). That is our own reading of the guide and no certification, which 1EdTech alone gives.
 *
 * `--corpus DIR`: runs the documents of others in DIR (manifest.json, remote/map.json) through the product's verifier and
 * lint, and prints what it makes of each. Exits with 1 when one is called valid that is not, or when the two disagree
 * without a policy that says why.
 */
import { parseArgs } from 'node:util'
import type { Instant } from '#engine/shared/instant.ts'
import { startConformanceStage } from '#test/conformance/conformance-stage.ts'
import { playRows, ROWS } from '#test/conformance/play-rows.ts'
import { isGood, summaryOf, tableOf } from '#test/conformance/print-corpus.ts'
import { runCorpus } from '#test/conformance/run-corpus.ts'
import { buildWeb } from './build-web.ts'

const { corpus } = parseArgs({ options: { corpus: { type: 'string' } } }).values
process.exitCode = corpus === undefined ? await playGuide() : await compare(corpus)

async function compare(folder: string): Promise<number> {
  const results = await runCorpus(folder, Date.now() as Instant)
  for (const line of [...tableOf(results), '', ...summaryOf(results)]) console.log(line)
  return isGood(results) ? 0 : 1
}

async function playGuide(): Promise<number> {
  // Some rows look at pages.
  await buildWeb()
  const stage = await startConformanceStage()
  try {
    const failed = await playRows(stage, console.log)
    console.log(
      `\n${ROWS.length - failed} of ${ROWS.length} rows passed. This is our own suite: no certification.`,
    )
    return failed === 0 ? 0 : 1
  } finally {
    await stage.stop()
  }
}
