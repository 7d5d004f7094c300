/**
 * `--corpus DIR`: runs the documents of others in DIR (manifest.json, remote/map.json) through the product's verifier and
 * lint, and prints what it makes of each. Exits with 1 when one is called valid that is not, or when the two disagree
 * without a policy that says why.
 */
import type { Instant } from '#engine/shared/instant.ts'
import { isGood, summaryOf, tableOf } from '#test/conformance/print-corpus.ts'
import { runCorpus } from '#test/conformance/run-corpus.ts'

const [option, folder] = process.argv.slice(2)
if (option !== '--corpus' || folder === undefined) {
  console.error('usage: npm run conformance:ob3 -- --corpus DIR')
  process.exit(2)
}
const results = await runCorpus(folder, Date.now() as Instant)
for (const line of [...tableOf(results), '', ...summaryOf(results)]) console.log(line)
process.exitCode = isGood(results) ? 0 : 1
