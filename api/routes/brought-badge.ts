import * as z from 'zod'
import type { ReadBody } from '#api/http/body-reader.ts'
import type { RequestShape } from '#api/http/route.ts'
import { JsonDocument } from '#api/schemas/credentials.ts'
import { BareCredential } from '#api/schemas/verification.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import type { ForeignDocument } from '#services/ports/foreign-badge-store.ts'

/** A badge as somebody brings it: the file itself as body, or JSON with `credential`. */
export const BROUGHT_BADGE = {
  body: z.union([
    BareCredential,
    z.strictObject({ credential: z.union([JsonDocument, z.string().max(1_000_000)]) }),
  ]),
  bodyKinds: ['json', 'vc', 'ld', 'jwt', 'text', 'png', 'svg', 'pdf', 'bytes'],
  bodyLimit: 'upload',
} as const satisfies RequestShape

/** The badge as it came; out of a JSON wrapper, as it stood there. */
export function broughtDocument({ json, bytes, mediaType }: ReadBody): ForeignDocument {
  const wrapped = isJsonObject(json) && !('@context' in json) ? json['credential'] : undefined
  if (wrapped === undefined) return { bytes, mediaType }
  return typeof wrapped === 'string'
    ? { bytes: utf8(wrapped), mediaType: 'application/jwt' }
    : { bytes: utf8(JSON.stringify(wrapped)), mediaType: 'application/vc' }
}
