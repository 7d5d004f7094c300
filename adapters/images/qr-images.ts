import { toBuffer, toString as toText } from 'qrcode'
import type { QrImages } from '#services/ports/qr-images.ts'

/** Level Q: a quarter of the picture may be dirty or covered, as on a poster. */
const LOOKS = { errorCorrectionLevel: 'Q', margin: 4 } as const

export const qrImages: QrImages = {
  png: async (text) => new Uint8Array(await toBuffer(text, { ...LOOKS, type: 'png', width: 1024 })),
  svg: async (text) => new TextEncoder().encode(await toText(text, { ...LOOKS, type: 'svg' })),
}
