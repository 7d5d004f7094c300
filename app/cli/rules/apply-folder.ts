import type { Comparison } from './compare-folder.ts'
import type { RuleServer, ServerRule } from './rule-server.ts'

export interface ApplyOptions {
  readonly activate: boolean
  readonly dryRun: boolean
}

/**
 * Brings a server to what the folder says: creates what is new, adds a version to what changed, and on request brings
 * the latest version into force. What is so already is left alone, so that doing it again changes nothing.
 * Says of each step that it was done as soon as it was: what a fault interrupts is taken up again the next time.
 */
export async function applyFolder(
  comparisons: readonly Comparison[],
  server: RuleServer,
  { activate, dryRun }: ApplyOptions,
  say: (line: string) => void,
): Promise<number> {
  let steps = 0
  const step = async <T>(done: string, wouldDo: string, act: () => Promise<T>): Promise<T | undefined> => {
    steps++
    if (dryRun) {
      say(`would ${wouldDo}`)
      return undefined
    }
    const result = await act()
    say(done)
    return result
  }
  for (const comparison of comparisons) {
    const title = `${comparison.achievement}/${comparison.name}`
    const bringIntoForce = (id: string, version: number) =>
      step(`activated ${title}, version ${version}`, `activate ${title}, version ${version}`, () =>
        server.activate(id, version),
      )
    if (comparison.kind === 'new') {
      const { name, json } = comparison
      const rule = await step(`created ${title}`, `create ${title}`, () => server.create(name, json))
      if (activate) await bringIntoForce(rule?.id ?? '', rule?.versions.at(-1)?.version ?? 1)
    } else if (comparison.kind === 'changed') {
      const { rule, latest, json } = comparison
      const next = latest.version + 1
      const made = await step(`added version ${next} to ${title}`, `add version ${next} to ${title}`, () =>
        server.addVersion(rule.id, json),
      )
      if (activate && !isPaused(rule)) await bringIntoForce(rule.id, made ?? next)
    } else if (comparison.kind === 'unchanged') {
      const { rule, latest } = comparison
      if (activate && WAITING.includes(latest.state)) await bringIntoForce(rule.id, latest.version)
    }
  }
  return steps
}

/** A version that was paused or retired, a person took out of force: a folder does not bring it back. */
const WAITING = ['draft', 'shadow']
const isPaused = ({ versions }: ServerRule): boolean =>
  versions.some(({ state }) => state === 'paused') && versions.every(({ state }) => state !== 'active')
