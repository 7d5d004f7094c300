import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take half a minute and more, the slowest first. Begun last, one of them leaves a core idle for as long;
 * vitest goes by size where it has not run a file before, as on a fresh checkout.
 */
const SLOW = [
  'test/product/crash-points.test.ts',
  'test/web/pages.test.ts',
  'test/people/direct-award-bundles.test.ts',
  'test/people/gates.test.ts',
  'test/product/rights.test.ts',
  'test/product/parallel.test.ts',
  'engine/rules/evaluate/obvious-way.test.ts',
  'test/product/fuzz.test.ts',
]

/** Starts products one after the other, each of which wants both cores: beside another slow file both take twice as long. */
const LAST = 'test/product/start-stop.test.ts'

/** Runs the files that are known to be slow before all others, and the one that wants to be alone after them. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      if (moduleId.endsWith(`/${LAST}`)) return SLOW.length + 1
      const at = SLOW.findIndex((file) => moduleId.endsWith(`/${file}`))
      return at < 0 ? SLOW.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
