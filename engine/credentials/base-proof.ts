import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

/**
 * Base64url of the head of a base proof, from which its holder derives others: of `ecdsa-sd-2023` (vc-di-ecdsa 1.0, section
 * 3.5.2) and of the kinds of `bbs-2023` (vc-di-bbs 1.0, section 3.3.1), of which the third byte is even. In what is derived
 * it is odd.
 */
const BASE_HEAD = /^u2V0[ACEGI]/

/** Whether whoever has the document can show every part of it: such a one is for its holder alone. */
export const hasBaseProof = ({ proof }: JsonObject): boolean =>
  listOf(proof).some((each) => {
    const value = isJsonObject(each) ? each['proofValue'] : undefined
    return typeof value === 'string' && BASE_HEAD.test(value)
  })
