import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageFault } from './usage-fault.ts'

/** What was typed behind a command. Throws UsageFault for what its options do not allow. */
export function parseArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error))
  }
}
