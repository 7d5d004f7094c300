import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPngChunks } from '#adapters/crypto/png-chunks.ts'
import { usedCpuMs } from '#test/used-cpu.ts'
import { cleanPicture } from './clean-picture.ts'
import { drawForeignSvg } from './draw-foreign-svg.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const svg = (inside: string, attributes = '') =>
  utf8(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" ${attributes}>${inside}</svg>`)

/** Width, height, and the colour of a pixel, of a PNG that resvg drew: eight bits, red, green, blue, alpha. */
async function drawn(bytes: Uint8Array, x: number, y: number) {
  const cleaned = await cleanPicture(bytes)
  if (!cleaned.ok) throw new Error(JSON.stringify(cleaned))
  const chunks = readPngChunks(cleaned.png) ?? []
  const header = Buffer.from(chunks[0]?.data ?? [])
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const rows = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  )
  // The obvious way to undo the filters of PNG (ISO/IEC 15948, section 9).
  const at = (row: number, byte: number) => (row < 0 || byte < 0 ? 0 : (plain[row]?.[byte] ?? 0))
  const plain: number[][] = []
  for (let row = 0; row < height; row++) {
    const line = rows.subarray(row * (width * 4 + 1), (row + 1) * (width * 4 + 1))
    const filter = line[0] ?? 0
    plain.push([])
    for (let byte = 0; byte < width * 4; byte++) {
      const [left, up, corner] = [at(row, byte - 4), at(row - 1, byte), at(row - 1, byte - 4)]
      const near = [left, up, corner].map((each) => Math.abs(left + up - corner - each))
      const paeth = [left, up, corner][near.indexOf(Math.min(...near))] ?? 0
      const base = [0, left, up, Math.floor((left + up) / 2), paeth][filter] ?? 0
      plain[row]?.push(((line[byte + 1] ?? 0) + base) & 255)
    }
  }
  return { width, height, pixel: plain[y]?.slice(x * 4, x * 4 + 4), removed: cleaned.removed }
}

/** 32 × 8 pixels, the left half red and the right half blue. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXwBFRcXHhoeOyEhO3xTRlN8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fP/AABEIAAgAIAMBEQACEQEDEQH/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+gEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoLEQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEAAhEDEQA/AMqvPPsAoAzK/QD4cKAP/9k=',
  'base64',
)
/** The same with Exif that says how it is to be turned. */
const turned = (orientation: number) => {
  const exif = Buffer.from(
    `45786966000049492a0008000000010012010300010000000${orientation}00000000000000`,
    'hex',
  )
  const length = Buffer.alloc(2)
  length.writeUInt16BE(exif.length + 2)
  return Buffer.concat([JPEG.subarray(0, 2), Buffer.of(0xff, 0xe1), length, exif, JPEG.subarray(2)])
}

test('a JPEG becomes a PNG with its pixels the right way up, without its metadata', async () => {
  const plain = await drawn(JPEG, 2, 2)
  expect(plain).toMatchObject({ width: 32, height: 8, removed: [] })
  expect(plain.pixel?.[0]).toBeGreaterThan(230)
  // Where the red end is: 3 turns it round, 6 clockwise, 8 the other way.
  for (const [orientation, size, x, y] of [
    [3, [32, 8], 30, 4],
    [6, [8, 32], 4, 2],
    [8, [8, 32], 4, 30],
    [2, [32, 8], 30, 4],
  ] as const) {
    const { width, height, pixel, removed } = await drawn(turned(orientation), x, y)
    expect([orientation, width, height]).toEqual([orientation, ...size])
    expect([orientation, (pixel?.[0] ?? 0) > 200, (pixel?.[2] ?? 255) < 60]).toEqual([
      orientation,
      true,
      true,
    ])
    expect(removed).toEqual(['metadata'])
  }
  expect((await drawn(Buffer.concat([JPEG, Buffer.from('%PDF-1.4')]), 2, 2)).removed).toEqual([
    'trailing-bytes',
  ])
})

/** A block of a GIF's pixels, of one colour: the codes of LZW without any compression, three bits each. */
const gifPixels = (count: number, colour: number) => {
  const codes = Array.from({ length: count }, () => [4, colour]).flat()
  const bits = [...codes, 5]
    .map((code) => [...code.toString(2).padStart(3, '0')].toReversed().join(''))
    .join('')
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((each) =>
    Number.parseInt([...each.padEnd(8, '0')].toReversed().join(''), 2),
  )
  return [2, bytes.length, ...bytes, 0]
}
const word = (value: number) => [value & 255, value >> 8]
const gifFrame = (place: readonly number[], colour: number) => [
  ...[0x21, 0xf9, 4, 0, 10, 0, 0, 0],
  ...[0x2c, ...place.flatMap(word), 0],
  ...gifPixels((place[2] ?? 0) * (place[3] ?? 0), colour),
]
/** Colours: black, red, blue, white. */
const gif = (width: number, height: number, ...parts: (readonly number[])[]) =>
  Uint8Array.from([
    ...utf8('GIF89a'),
    ...[...word(width), ...word(height), 0xf1, 0, 0],
    ...[0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255],
    ...parts.flat(),
    0x3b,
  ])

test('a GIF becomes a PNG with its first picture, where it lies on the whole', async () => {
  const still = gif(6, 4, gifFrame([0, 0, 6, 4], 1))
  expect(await drawn(still, 3, 3)).toEqual({ width: 6, height: 4, pixel: [255, 0, 0, 255], removed: [] })
  const moving = gif(
    6,
    4,
    [0x21, 0xff, 11, ...utf8('NETSCAPE2.0'), 3, 1, 0, 0, 0],
    gifFrame([2, 1, 3, 2], 2),
    gifFrame([0, 0, 6, 4], 1),
    [0x21, 0xfe, 2, 0x68, 0x69, 0],
  )
  const told = { width: 6, height: 4, removed: ['animation', 'metadata', 'trailing-bytes'] }
  const more = Buffer.concat([moving, Buffer.from('%PDF')])
  expect(await drawn(more, 2, 1)).toEqual({ ...told, pixel: [0, 0, 255, 255] })
  expect(await drawn(more, 5, 3)).toEqual({ ...told, pixel: [0, 0, 0, 0] })
})

/** 32 × 8 pixels, the left half red and the right half blue, but for the upper two rows, through which all is seen. */
const WEBP = {
  lossless: 'UklGRjIAAABXRUJQVlA4TCUAAAAvH8ABEBcQ8y8gKPJ/tPkP+MAg20gnOcmJ3v0TRPR/AlKrAvwBAA==',
  lossy:
    'UklGRoIAAABXRUJQVlA4WAoAAAAQAAAAHwAABwAAQUxQSBUAAAABDzD/ERFCLJjkL70rh4j+ZwMAAAAAVlA4IEYAAACQAwCdASogAAgAAMASJaACdMoRwN4B+AH7Af0DkAuwH7AAUw8AAP76IZf/dzNH+xrf/1oYdQVO4f+H3cwpI0ZCsXrEZ9AA',
}
const little = (value: number, length: number) =>
  Array.from({ length }, (_, at) => Math.floor(value / 256 ** at) % 256)
const riff = (name: string, data: Iterable<number>) => {
  const bytes = [...data]
  return [...utf8(name), ...little(bytes.length, 4), ...bytes, ...(bytes.length % 2 === 0 ? [] : [0])]
}

test('a WebP becomes a PNG with its pixels, and one that moves with its first picture', async () => {
  for (const base64 of Object.values(WEBP)) {
    const bytes = Buffer.from(base64, 'base64')
    const [left, right, above] = await Promise.all([
      drawn(bytes, 3, 5),
      drawn(bytes, 28, 5),
      drawn(bytes, 3, 0),
    ])
    expect([left.width, left.height, left.removed]).toEqual([32, 8, []])
    expect([(left.pixel?.[0] ?? 0) > 180, (right.pixel?.[2] ?? 0) > 180, above.pixel?.[3]]).toEqual([
      true,
      true,
      0,
    ])
  }
  // The pixels of the lossless one, as the first of two frames on something larger.
  const pixels = Buffer.from(WEBP.lossless, 'base64').subarray(12)
  const frame = (x: number) =>
    riff('ANMF', [
      ...little(x / 2, 3),
      ...little(2, 3),
      ...little(31, 3),
      ...little(7, 3),
      100,
      0,
      0,
      0,
      ...pixels,
    ])
  const chunks = [
    ...riff('VP8X', [0x12, 0, 0, 0, ...little(63, 3), ...little(15, 3)]),
    ...riff('ANIM', [0, 0, 0, 0, 0, 0]),
    ...frame(10),
    ...frame(0),
    ...riff('EXIF', [1, 2, 3]),
  ]
  const moving = Uint8Array.from([...riff('RIFF', [...utf8('WEBP'), ...chunks]), 0x25])
  expect(await drawn(moving, 11, 10)).toEqual({
    width: 64,
    height: 16,
    pixel: [255, 0, 0, 255],
    removed: ['animation', 'metadata', 'trailing-bytes'],
  })
  expect((await drawn(moving, 3, 10)).pixel).toEqual([0, 0, 0, 0])
})

test('a picture that is cut off, says that it is huge, or shows nothing is refused', async () => {
  const still = gif(6, 4, gifFrame([0, 0, 6, 4], 1))
  for (const bytes of [
    still.subarray(0, -1),
    still.subarray(0, 30),
    gif(6, 4),
    gif(0, 0, gifFrame([0, 0, 1, 1], 1)),
  ])
    expect(await cleanPicture(bytes)).toMatchObject({ ok: false, code: 'unfit' })
  const broken = still.map((byte, at) => (at > still.length - 16 && at < still.length - 2 ? 255 : byte))
  expect(await cleanPicture(broken)).toMatchObject({ ok: false, code: 'unfit' })
  expect(await cleanPicture(gif(5000, 4, gifFrame([0, 0, 6, 4], 1)))).toEqual({
    ok: false,
    code: 'too-large',
    width: 5000,
    height: 4,
  })
  const webp = Buffer.from(WEBP.lossless, 'base64')
  expect(await cleanPicture(webp.subarray(0, -4))).toMatchObject({ ok: false, code: 'unfit' })
  const noise = Buffer.from(webp).fill(255, 26, 56)
  expect(await cleanPicture(noise)).toMatchObject({ ok: false, code: 'unfit' })
  // Fourteen bits of width.
  const wide = Buffer.from(webp)
  wide.writeUInt16LE(0x3fff, 21)
  expect(await cleanPicture(wide)).toMatchObject({ ok: false, code: 'too-large', width: 16_384 })
  expect(await cleanPicture(JPEG.subarray(0, -250))).toMatchObject({ ok: false, code: 'unfit' })
})

test('a picture of more parts than any program writes is refused, and one of many is not', async () => {
  const pixels = [...Buffer.from(WEBP.lossless, 'base64').subarray(12)]
  const empty = (count: number) => Array.from({ length: count }, () => [...utf8('ABCD'), 0, 0, 0, 0]).flat()
  const webp = (...chunks: readonly number[][]) =>
    Uint8Array.from(riff('RIFF', [...utf8('WEBP'), ...chunks.flat()]))
  const place = [...little(0, 6), ...little(31, 3), ...little(7, 3), 100, 0, 0, 0]
  const moving = (parts: number) => webp(riff('ANMF', [...place, ...pixels, ...empty(parts)]))
  const jpeg = (parts: number) => {
    const comments = Array.from({ length: parts }, () => Buffer.of(0xff, 0xfe, 0, 2))
    return Buffer.concat([JPEG.subarray(0, 2), ...comments, JPEG.subarray(2)])
  }
  const loop = [0x21, 0xff, 11, ...utf8('NETSCAPE2.0'), 0]
  const giving = (parts: number) =>
    gif(6, 4, gifFrame([0, 0, 6, 4], 1), Array.from({ length: parts }, () => loop).flat())
  for (const [kind, picture, most] of [
    ['WebP', (parts: number) => webp(pixels, empty(parts)), 999],
    ['WebP', moving, 999],
    ['JPEG', jpeg, 900],
    ['GIF', giving, 19_900],
  ] as const) {
    expect([kind, (await cleanPicture(picture(most))).ok]).toEqual([kind, true])
    expect(await cleanPicture(picture(most + 101))).toEqual({
      ok: false,
      code: 'unfit',
      reason: `it is no whole ${kind}`,
    })
  }
})

test('an SVG becomes a PNG; a badge and metadata in it are told and gone', async () => {
  expect(await drawn(svg('<rect width="40" height="20" fill="#00ff00"/>'), 5, 5)).toEqual({
    width: 40,
    height: 20,
    pixel: [0, 255, 0, 255],
    removed: [],
  })
  const baked = svg(
    '<openbadges:credential><![CDATA[{"a":1}]]></openbadges:credential><title>x</title><rect width="40" height="20"/>',
    'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"',
  )
  expect((await drawn(baked, 0, 0)).removed).toEqual(['badge', 'metadata'])
  const large = utf8(
    '<svg xmlns="http://www.w3.org/2000/svg" width="8000" height="4000"><rect width="9" height="9"/></svg>',
  )
  expect(await drawn(large, 0, 0)).toMatchObject({ width: 1024, height: 512 })
})

test.each([
  ['<script>alert(1)</script>', ['script']],
  ['<a href="javascript:alert(1)"><rect/></a>', ['external-reference', 'script']],
  ['<a href="java&#115;cript:alert(1)"><rect/></a>', ['external-reference', 'script']],
  ['<rect onload="alert(1)"/>', ['event-handler']],
  ['<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>', ['foreign-object']],
  ['<image href="https://example.org/x.png"/>', ['external-reference']],
  ['<image xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc/passwd"/>', ['external-reference']],
  ['<image href="data:image/svg+xml;base64,AAAA"/>', ['external-reference']],
  ['<use href="other.svg#a"/>', ['external-reference']],
  ['<style>@import "https://example.org/x.css";</style>', ['external-reference']],
  ['<style><![CDATA[@import "x.css";]]></style>', ['external-reference']],
  ['<rect fill="url(https://example.org/#a)"/>', ['external-reference']],
  ['<rect style="fill:url( &#39;//example.org&#39; )"/>', ['external-reference']],
  ['<set attributeName="href" to="x"/>', ['animation']],
])('an SVG that is more than a picture is refused: %s', async (inside, parts) => {
  expect(await cleanPicture(svg(inside))).toEqual({ ok: false, code: 'active', parts })
})

test('entities, other people’s stylesheets, and what is no picture are refused', async () => {
  const bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
  expect(await cleanPicture(utf8(`${bomb}<svg><text>&b;</text></svg>`))).toMatchObject({
    code: 'active',
    parts: ['document-type'],
  })
  const styled = '<?xml-stylesheet href="x.css"?><svg xmlns="http://www.w3.org/2000/svg"/>'
  expect(await cleanPicture(utf8(styled))).toMatchObject({ code: 'active', parts: ['external-reference'] })
  for (const bad of [
    '',
    'GIF89a',
    'RIFF0000WEBP',
    '<html></html>',
    '<svg',
    '<svg><rect a=1></svg>',
    '<svg>&b;</svg>',
  ])
    expect([bad, await cleanPicture(utf8(bad))]).toMatchObject([bad, { ok: false, code: 'unfit' }])
  expect(await cleanPicture(JPEG.subarray(0, 40))).toMatchObject({ ok: false, code: 'unfit' })
  const huge = Buffer.from(JPEG)
  const frame = huge.indexOf(Buffer.of(0xff, 0xc0))
  huge.writeUInt16BE(60_000, frame + 5)
  expect(await cleanPicture(huge)).toEqual({ ok: false, code: 'too-large', width: 32, height: 60_000 })
})

test('what would take for ever, or all of the memory, is refused before it is drawn or stopped while it is', async () => {
  const doubled = Array.from(
    { length: 40 },
    (_, at) => `<g id="g${at + 1}"><use href="#g${at}"/><use href="#g${at}"/></g>`,
  ).join('')
  expect(await cleanPicture(svg(`<defs><rect id="g0"/>${doubled}</defs><use href="#g40"/>`))).toMatchObject({
    code: 'unfit',
    reason: 'it uses its parts too often',
  })
  expect(await cleanPicture(svg('<g>'.repeat(6000) + '</g>'.repeat(6000)))).toMatchObject({ code: 'unfit' })
  const header = Buffer.alloc(24)
  header.writeUInt32BE(0x89504e47)
  header.writeUInt32BE(90_000, 16)
  header.writeUInt32BE(90_000, 20)
  const inside = `<image href="data:image/png;base64,${header.toString('base64')}"/>`
  expect(await cleanPicture(svg(inside))).toMatchObject({
    code: 'unfit',
    reason: 'a picture inside it is too large',
  })
  const begun = usedCpuMs()
  const slow = new TextDecoder()
    .decode(
      svg(
        `<filter id="f">${'<feTurbulence numOctaves="200" baseFrequency="0.5"/>'.repeat(400)}</filter><rect width="40" height="20" filter="url(#f)"/>`,
        'viewBox="0 0 40 20"',
      ).map((byte) => byte),
    )
    .replace('width="40" height="20" v', 'width="1000" height="1000" v')
  expect(await drawForeignSvg(slow, { atMost: 1024, milliseconds: 300 })).toBeUndefined()
  expect(usedCpuMs() - begun).toBeLessThan(10_000)
})

test('of many pictures at once some are drawn, and the others are told to come again', async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, () => cleanPicture(svg('<rect width="9" height="9"/>'))),
  )
  expect(all.filter(({ ok }) => ok)).toHaveLength(5)
  expect(all.filter((each) => !each.ok && each.code === 'busy')).toHaveLength(7)
  expect(await cleanPicture(svg('<rect width="9" height="9"/>'))).toMatchObject({ ok: true })
})

test('whatever the bytes, there is an answer', async () => {
  const bits = fc.constantFrom(
    '<svg ',
    '<',
    '>',
    '/>',
    '"',
    '=',
    ' ',
    'a',
    '&#0;',
    '<!--',
    '<![CDATA[',
    'use',
    ':',
    'href',
    'é',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.array(bits, { maxLength: 30 }).map((parts) => utf8(`<svg ${parts.join('')}`)),
      ),
      async (bytes) => {
        const { ok } = await cleanPicture(Uint8Array.from([...bytes]))
        expect(typeof ok).toBe('boolean')
      },
    ),
    { numRuns: 60 },
  )
})
