import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Throws `image-unknown`. */
export async function storedPng(stores: Stores, image: string): Promise<Uint8Array> {
  const sha256 = fromHex(`0x${image}`)
  const file = sha256 === undefined ? undefined : await stores.files.get(sha256)
  if (file?.mediaType !== 'image/png') throw errors.imageUnknown({ image })
  return file.bytes
}
