import type { Hex } from '#engine/shared/bytes.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

/** Whether a picture is the one that a badge names. `not-named`: it names none, or none by digest. */
export type PictureMatch = 'same' | 'other' | 'not-named'

/**
 * Compares the digest of a picture (`0x…`, SHA-256) with what a badge says of its own: an address of this product
 * (`ORIGIN/images/SHA256.png`), or a `relatedResource` with the SHA-256 of it.
 */
export function matchPicture(document: JsonObject, digest: Hex): PictureMatch {
  const named = picturesOf(document).flatMap((id) => digestsOf(document, id))
  if (named.length === 0) return 'not-named'
  return named.includes(digest) ? 'same' : 'other'
}

function picturesOf(document: JsonObject): readonly string[] {
  const achievements = listOf(document['credentialSubject']).map((subject) =>
    isJsonObject(subject) ? subject['achievement'] : undefined,
  )
  return [document, ...achievements].flatMap((holder) => {
    const image = isJsonObject(holder) ? holder['image'] : undefined
    const id = isJsonObject(image) ? image['id'] : image
    return typeof id === 'string' ? [id] : []
  })
}

function digestsOf(document: JsonObject, id: string): readonly Hex[] {
  const address = /^https?:\/\/[^/?#]+\/images\/([0-9a-f]{64})\.png$/.exec(id)?.[1]
  const related = listOf(document['relatedResource']).flatMap((entry) => {
    const sri = isJsonObject(entry) && entry['id'] === id ? entry['digestSRI'] : undefined
    const hex = typeof sri === 'string' ? hexOfSri(sri) : undefined
    return hex === undefined ? [] : [hex]
  })
  return address === undefined ? related : [...related, `0x${address}`]
}

/** `sha256-BASE64` as `0x…`; undefined for any other hash. */
function hexOfSri(sri: string): Hex | undefined {
  const base64 = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(sri)?.[1]
  if (base64 === undefined) return undefined
  const bytes = [...atob(base64)].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0'))
  return `0x${bytes.join('')}`
}
