/** What a JPEG (ISO/IEC 10918-1) says of itself before its pixels. */
export interface JpegHeader {
  readonly width: number
  readonly height: number
  /** How Exif says that it is to be turned: 1 is as it stands, 2 to 8 as in Exif 2.3, section 4.6.4. */
  readonly orientation: number
  /** Whether there is anything besides what the picture needs. */
  readonly hasMetadata: boolean
}

export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

/** Undefined when the segments lead out of the file, are too many, or none of them says how large it is. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let orientation = 1
  let hasMetadata = false
  let segments = 0
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (++segments > MOST_SEGMENTS) return undefined
    const length = view.getUint16(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > bytes.length || marker === SCAN) return undefined
    const data = bytes.subarray(at + 4, end)
    if (isFrame(marker)) {
      if (data.length < 6) return undefined
      const frame = new DataView(data.buffer, data.byteOffset, data.byteLength)
      return { height: frame.getUint16(1), width: frame.getUint16(3), orientation, hasMetadata }
    }
    if (marker === EXIF) orientation = exifOrientation(data) ?? orientation
    if (isApplication(marker) || marker === COMMENT) hasMetadata = true
    at = end
  }
  return undefined
}

/** Each holds 64 KB: metadata of 10 MB come in 160. */
const MOST_SEGMENTS = 1000
const SCAN = 0xda
const EXIF = 0xe1
const COMMENT = 0xfe

/** SOF0 to SOF15, but for the tables that stand between them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** APP0 (JFIF) and APP14 (Adobe) say how to read the colours. */
const isApplication = (marker: number): boolean => marker > 0xe0 && marker <= 0xef && marker !== 0xee

/** The tag 0x0112 in the first directory of the TIFF inside. */
function exifOrientation(data: Uint8Array): number | undefined {
  if (data.length < 14 || String.fromCharCode(...data.subarray(0, 6)) !== 'Exif\0\0') return undefined
  const tiff = new DataView(data.buffer, data.byteOffset + 6, data.length - 6)
  const isLittle = tiff.getUint16(0) === 0x4949
  const first = tiff.getUint32(4, isLittle)
  if (first + 2 > tiff.byteLength) return undefined
  const entries = tiff.getUint16(first, isLittle)
  for (let entry = 0; entry < entries; entry++) {
    const at = first + 2 + entry * 12
    if (at + 12 > tiff.byteLength) return undefined
    if (tiff.getUint16(at, isLittle) !== 0x0112) continue
    const value = tiff.getUint16(at + 8, isLittle)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}
