import {
  STATUS_PURPOSES,
  type StatusListPurpose,
  type StatusPlace,
  statusEntry,
} from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'

/** An entry that a caller wants to have allocated. */
export interface WantedStatus {
  readonly purpose: string
  /** What it says besides, as what its values mean: `statusSize`, `statusMessage`, `statusReference`. */
  readonly said: JsonObject
}

/** The same, for a purpose that an issuer here has lists for. */
export interface AllocatableStatus extends WantedStatus {
  readonly purpose: StatusListPurpose
}

export const entryFor = (place: StatusPlace, { purpose, said }: WantedStatus): JsonObject => ({
  ...statusEntry({ ...place, purpose }),
  ...said,
})

/**
 * What an issuer of an organisation has lists for: each purpose at most once, and messages only with what they are. Always in one
 * order, as the lists are locked in it. Throws `status-purpose-refused` and `credential-refused`.
 */
export function allocatable(wanted: readonly WantedStatus[]): readonly AllocatableStatus[] {
  for (const [at, { purpose, said }] of wanted.entries()) {
    const isTwice = wanted.findIndex((other) => other.purpose === purpose) !== at
    if (isTwice || !isKnown(purpose)) throw errors.statusPurposeRefused({ statusPurpose: purpose })
    if (purpose === 'message' && !namesBoth(said))
      throw errors.credentialRefused({
        faults: [
          {
            code: 'data-model',
            path: `/options/credentialStatus/${at}/statusMessage`,
            message: 'must say what "0x0" and "0x1" mean, as nobody can know it otherwise',
          },
        ],
      })
  }
  return STATUS_PURPOSES.flatMap((purpose) =>
    wanted.flatMap((each) => (each.purpose === purpose ? [{ ...each, purpose }] : [])),
  )
}

const isKnown = (purpose: string): boolean => STATUS_PURPOSES.some((known) => known === purpose)

function namesBoth({ statusMessage = null }: JsonObject): boolean {
  const messages = isJsonArray(statusMessage) ? statusMessage.filter(isJsonObject) : []
  return ['0x0', '0x1'].every((value) => messages.some(({ status }) => status === value))
}
