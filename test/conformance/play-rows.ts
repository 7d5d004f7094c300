import type { ConformanceStage } from './conformance-stage.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import { DISPLAYER_ROWS } from './displayer-rows.ts'
import { HOST_ROWS } from './host-rows.ts'
import { ISSUER_ROWS } from './issuer-rows.ts'
import { PROVIDER_ROWS } from './provider-rows.ts'

export const ROWS = [...ISSUER_ROWS, ...DISPLAYER_ROWS, ...CONSUMER_ROWS, ...PROVIDER_ROWS, ...HOST_ROWS]

/** Plays every row, one after the other, and says of each what came of it. Returns how many failed. */
export async function playRows(stage: ConformanceStage, print: (line: string) => void): Promise<number> {
  let failed = 0
  for (const { id, title, play } of ROWS) {
    try {
      print(`passed  ${id}  ${title}: ${await play(stage)}`)
    } catch (error) {
      failed += 1
      print(`FAILED  ${id}  ${title}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failed
}
