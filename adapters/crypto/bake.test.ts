import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import { bakePng } from './bake-png.ts'
import { bakeSvg } from './bake-svg.ts'
import { readMarkupPart } from './markup-parts.ts'
import { crc32, readPngChunks, textChunk, writePng } from './png-chunks.ts'
import { unbake } from './unbake.ts'

/** A grey PNG of one pixel. */
const PNG = writePng([
  chunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)),
  chunk('IDAT', deflateSync(Uint8Array.of(0, 128))),
  chunk('IEND', new Uint8Array()),
])
const SVG =
  '<?xml version="1.0"?>\n<!-- <svg> -->\n<svg xmlns="http://www.w3.org/2000/svg" aria-label="a > b"><circle r="1"/></svg>\n'

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(utf8(type), data)
  const bytes = new Uint8Array(body.length + 8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(body, 4)
  view.setUint32(body.length + 4, zlibCrc32(body))
  return bytes
}

const text = (unbaked: ReturnType<typeof unbake>) =>
  unbaked?.ok === true ? new TextDecoder().decode(unbaked.credential) : unbaked?.reason

const json = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'grapheme' }))
  .map((value) => JSON.stringify(value))

test('what is baked into a PNG comes out again, and the picture stays', () => {
  fc.assert(
    fc.property(json, (credential) => {
      const baked = bakePng(PNG, credential)
      expect(text(unbake(baked))).toBe(credential)
      expect(readPngChunks(baked)?.map(({ type }) => type)).toEqual(['IHDR', 'iTXt', 'IDAT', 'IEND'])
    }),
  )
})

test('what is baked into an SVG comes out again', () => {
  fc.assert(
    fc.property(
      fc.oneof(json, fc.constantFrom('{"a":"]]>"}', '{"a":"</openbadges:credential>"}', '{"a":"&amp;<!--"}')),
      (credential) => {
        expect(text(unbake(utf8(bakeSvg(SVG, credential))))).toBe(credential)
      },
    ),
  )
  const jws = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'
  expect(bakeSvg(SVG, jws)).toContain(`verify="${jws}"`)
  expect(text(unbake(utf8(bakeSvg(SVG, jws))))).toBe(jws)
})

test('baking again replaces the badge', () => {
  expect(bakePng(bakePng(PNG, '{"n":1}'), '{"n":2}')).toEqual(bakePng(PNG, '{"n":2}'))
  expect(bakeSvg(bakeSvg(SVG, '{"n":1}'), '{"n":2}')).toBe(bakeSvg(SVG, '{"n":2}'))
})

test('the namespace of an SVG that has it already is not declared twice', () => {
  const declared = SVG.replace('<svg ', '<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" ')
  expect(bakeSvg(declared, '{}').match(/xmlns:openbadges/g)).toHaveLength(1)
})

describe('an image with two badges is refused, wherever the second stands, and baking leaves one', () => {
  const badge = (n: number) => textChunk('openbadgecredential', `{"n":${n}}`)
  const element = (n: number) =>
    bakeSvg(SVG, `{"n":${n}}`).match(/<openbadges.*<\/openbadges[^>]*>/)?.[0] ?? ''

  test.each([
    ['the same badge twice', () => [badge(1), badge(1)]],
    ['two badges', () => [badge(1), badge(2)]],
    ['a damaged one first', () => [badge(1).with(-1, 7), badge(2)]],
    ['a damaged one last', () => [badge(1), badge(2).with(-1, 7)]],
  ])('PNG: %s', (_name, badges) => {
    const [header = PNG, data = PNG, end = PNG] = readPngChunks(PNG)?.map(({ bytes }) => bytes) ?? []
    const [first = PNG, second = PNG] = badges()
    for (const chunks of [
      [header, first, second, data, end],
      [header, first, data, second, end],
    ]) {
      expect(text(unbake(writePng(chunks)))).toContain('more than one badge')
      expect(text(unbake(bakePng(writePng(chunks), '{"n":3}')))).toBe('{"n":3}')
    }
  })

  test.each([
    ['one after the other', (svg: string) => svg.replace('<circle', `${element(2)}<circle`)],
    ['one at the end', (svg: string) => svg.replace('</svg>', `${element(2)}</svg>`)],
    [
      'one in a group, as attribute',
      (svg: string) => svg.replace('</svg>', '<g><openbadges:credential verify="a.b.c"/></g></svg>'),
    ],
    [
      'an empty one first',
      (svg: string) => svg.replace('<openbadges:', '<openbadges:credential/><openbadges:'),
    ],
  ])('SVG: %s', (_name, withSecond) => {
    const two = withSecond(bakeSvg(SVG, '{"n":1}'))
    expect(two.match(/<openbadges:credential/g)).toHaveLength(2)
    expect(text(unbake(utf8(two)))).toContain('more than one badge')
    expect(text(unbake(utf8(bakeSvg(two, '{"n":3}'))))).toBe('{"n":3}')
  })

  test('a second one in a comment is none', () => {
    const commented = bakeSvg(SVG, '{"n":1}').replace('</svg>', `<!--${element(2)}--></svg>`)
    expect(text(unbake(utf8(commented)))).toBe('{"n":1}')
  })
})

test.each([
  ['a PNG without a badge', PNG, 'has no badge'],
  ['a torn PNG', bakePng(PNG, '{}').slice(0, -5), 'torn'],
  [
    'a chunk that is longer than the file',
    concat(PNG.slice(0, 8), Uint8Array.of(0xff, 0xff, 0xff, 0xff), utf8('iTXt')),
    'torn',
  ],
  ['a compressed badge', compressed(), 'compressed'],
  ['a damaged badge', damaged(), 'damaged'],
  ['a badge over 1 MB', bakePng(PNG, `{"a":"${'x'.repeat(1024 * 1024)}"}`), 'over 1 MB'],
  ['an image over 10 MB', concat(PNG, new Uint8Array(10 * 1024 * 1024)), 'over 10 MB'],
  ['an SVG without a badge', utf8(SVG), 'has no badge'],
  [
    'an SVG with a document type',
    utf8(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${bakeSvg(SVG, '{}').slice(22)}`),
    'document type',
  ],
  [
    'an SVG whose badge does not end',
    utf8(bakeSvg(SVG, '{}').replace('</openbadges:credential>', '')),
    'no whole SVG',
  ],
  [
    'an SVG whose badge stands in a comment',
    utf8(SVG.replace('<circle', '<!--<openbadges:credential verify="a.b.c"/>--><circle')),
    'has no badge',
  ],
  ['a web page', utf8('<html><openbadges:credential verify="a.b.c"/></html>'), 'no whole SVG'],
  ['bytes that are no UTF-8', Uint8Array.of(0x3c, 0xff, 0xfe), 'not UTF-8'],
])('%s gives no badge', (_name, image, reason) => {
  expect(text(unbake(image))).toContain(reason)
})

test.each([
  ['nothing', new Uint8Array()],
  ['zeros', new Uint8Array(100)],
  ['JSON', utf8('{"a":1}')],
])('%s is no image that a badge can be in', (_name, bytes) => {
  expect(unbake(bytes)).toBeUndefined()
})

test('an SVG made to be slow is read in linear time', () => {
  const started = performance.now()
  unbake(utf8(`<svg>${'<a '.repeat(300_000)}`))
  unbake(utf8(`<svg>${'<!--'.repeat(300_000)}`))
  unbake(utf8(`<svg><openbadges:credential>${'<![CDATA['.repeat(200_000)}`))
  unbake(utf8(`<svg>${'<openbadges:credential/>'.repeat(200_000)}`))
  unbake(utf8(`<svg ${'xmlns:openbadges '.repeat(100_000)}>`))
  expect(performance.now() - started).toBeLessThan(2000)
})

test('no image makes unbaking throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (noise, at) => {
      for (const good of [bakePng(PNG, '{"a":1}'), utf8(bakeSvg(SVG, '{"a":1}'))]) {
        const altered = good.slice()
        altered.set(noise.slice(0, Math.max(0, altered.length - at)), Math.min(at, altered.length))
        unbake(altered)
      }
    }),
  )
})

test('what is no image is not baked', () => {
  expect(() => bakePng(utf8('GIF89a'), '{}')).toThrow(expect.objectContaining({ code: 'image-unfit' }))
  expect(() => bakeSvg('<svg/>', '{}')).toThrow(expect.objectContaining({ code: 'image-unfit' }))
  expect(() => bakeSvg(SVG, '"><script>')).toThrow(expect.objectContaining({ code: 'image-unfit' }))
})

test('the checksum is that of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32(bytes)).toBe(zlibCrc32(bytes))
    }),
  )
})

function compressed(): Uint8Array {
  const [header, ...rest] = readPngChunks(PNG)?.map(({ bytes }) => bytes) ?? []
  const data = concat(utf8('openbadgecredential'), Uint8Array.of(0, 1, 0, 0, 0), deflateSync(utf8('{}')))
  return writePng([header ?? PNG, chunk('iTXt', data), ...rest])
}

function damaged(): Uint8Array {
  const baked = bakePng(PNG, '{"a":"sample"}')
  const at = new TextDecoder('latin1').decode(baked).indexOf('sample')
  baked[at] = 0x53
  return baked
}

describe('an SVG is read in linear time', () => {
  /** How many characters a reader passes over, when each piece begins where the one before it ended. */
  test.each([
    ['brackets that nothing closes', '<'],
    ['open tags', '<a '],
    ['references', '&#60;'],
    ['comments', '<!--'],
    ['sections', '<![CDATA['],
    ['quotes', '<a b="'],
    ['white space', '<a           '],
    ['closed tags', '<a></a>'],
    ['words', 'a '],
  ])('%s: no piece is read twice, and what does not end is not looked for again', (_name, bit) => {
    const hostile = bit.repeat(2000)
    let pieces = 0
    let at = 0
    for (; at < hostile.length; pieces++) {
      const piece = readMarkupPart(hostile, at)
      if (piece === undefined) break
      expect(piece.end).toBeGreaterThan(at)
      at = piece.end
    }
    expect(pieces).toBeLessThanOrEqual(4000)
  })

  test('an SVG of more than a megabyte is refused; a picture and a badge in it do not count', () => {
    const baked = bakeSvg(SVG, `{"a":"${']]>'.repeat(1000)}${'x'.repeat(1_000_000)}"}`)
    const picture = `<image href="data:image/png;base64,${'A'.repeat(2_000_000)}"/>`
    expect(unbake(utf8(baked.replace('<circle', `${picture}<circle`)))).toMatchObject({ ok: true })
    for (const much of [
      '<g/>'.repeat(100_000),
      '<g a="" b=""/>'.repeat(60_000),
      `<title>${'x'.repeat(1_100_000)}</title>`,
      `<a href="data:text/plain,${'&amp;'.repeat(300_000)}"/>`,
    ]) {
      expect(text(unbake(utf8(baked.replace('<circle', `${much}<circle`))))).toContain('over 1 MB')
      expect(() => bakeSvg(SVG.replace('<circle', `${much}<circle`), '{}')).toThrow(
        expect.objectContaining({ code: 'image-unfit' }),
      )
    }
    for (const piece of ['&quot;', '<![CDATA[]]>', '<!---->'])
      expect(text(unbake(utf8(baked.replace('<![CDATA[', `${piece.repeat(100_000)}<![CDATA[`))))).toContain(
        'over 1 MB, or has too many parts',
      )
  })
})

test.each([
  '<rect a=">" onload="alert(1)"/>',
  "<rect a='\"' onload='1' b='\"'/>",
  '<rect x:onload="alert(1)"/>',
  '<image x:href="https://evil.example.net/t.png"/>',
  '<image href="data:image/svg+xml;base64,AAAA"/>',
  '<image href="&#104;ttps://evil.example.net/"/>',
  '<a href="#a" HREF="//evil.example.net"/>',
  '<g xml:base="https://evil.example.net/"/>',
  '<style>rect{background:image-set("https://evil.example.net/x.png" 1x)}</style>',
  '<style>rect{background:-webkit-image-set("x.png" 1x)}</style>',
  '<style>@\\69mport "https://evil.example.net/x.css";</style>',
  '<style>@import "x.css";</style>',
  '<style>@im<!-- x -->port "x.css";</style>',
  '<style>&#64;import "x.css";</style>',
  '<style>a{fill:url(#b)}b{fill:url( "https://evil.example.net" )}</style>',
  '<style>a{content:"https://evil.example.net"}</style>',
  '<style>a{fill:url("#a" https://evil.example.net)}</style>',
  '<rect style="fill:url(https://evil.example.net)"/>',
  '<rect fill="url(https://evil.example.net)"/>',
  '<rect fill="u\\72l(https://evil.example.net)"/>',
  '<x:script/>',
  '<p xmlns="http://www.w3.org/1999/xhtml"/>',
  '<p xmlns="http://www.w3.org/1999&#47;xhtml"/>',
  '<rect a="&Tab;"/>',
  '<rect a=b/>',
  `<rect${' a=""'.repeat(1001)}/>`,
  '<rect a="b"/onclick="c"/>',
  '<g>',
  '</g>',
  '</svg><script>alert(1)</script><svg>',
  '</svg>&#60;<svg>',
  '</svg>x<svg>',
])('an SVG that is more than a picture is refused: %s', (inside) => {
  expect(text(unbake(utf8(bakeSvg(SVG, '{"n":1}').replace('<circle', `${inside}<circle`))))).toMatch(
    /^(the SVG is more than a picture|it is no whole SVG)/,
  )
})

test.each([
  '<text>url(https://example.org) onload="x" @import &#60;script&#62;</text>',
  '<title>a &lt;script&gt; "b"</title>',
  '<rect aria-label="C:\\a" fill="url(#a)" style="fill:url( \'#a\' );stroke:#fff"/>',
  '<style>@font-face{font-family:"A b";src:url(data:font/woff2;base64,AA==) format("woff2")}a{fill:url("#a")}</style>',
  '<style><![CDATA[a>b{fill:red}]]></style>',
  '<use xlink:href="#a"/><image href="data:image/jpeg;base64,AA=="/>',
  '<metadata><rdf:li rdf:resource="http://purl.org/dc/dcmitype/StillImage"/></metadata>',
  '<g transform="rotate(1)" font-family="&quot;Inter&quot;, sans-serif"/>',
  '<?xpacket begin="x"?>',
])('an SVG that is a picture is read: %s', (inside) => {
  expect(text(unbake(utf8(bakeSvg(SVG, '{"n":1}').replace('<circle', `${inside}<circle`))))).toBe('{"n":1}')
})
