import { generateAnchoringKey } from '#adapters/crypto/anchoring-key.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import type { KeyMaker } from '#services/ports/key-maker.ts'

/** Keys made in this process, from the system's source of chance. */
export const localKeyMaker: KeyMaker = {
  newIssuingKey: async (curve) => generateIssuingKey(curve),
  newAnchoringKey: () => generateAnchoringKey(),
}
