import { bakePng } from '#adapters/crypto/bake-png.ts'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { readDocument } from '#services/verify/read-document.ts'
import type { ConformanceStage } from './conformance-stage.ts'
import { fetchFile, issued } from './issuer-rows.ts'
import { expectSame, type Row } from './row.ts'
import { addressOf } from './sample-badges.ts'

const PLAIN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'

export const HOST_ROWS: readonly Row[] = [
  {
    id: 'HST-5',
    title: 'Import and export without losing anything',
    play: async (stage) => {
      const { learner, credentialId } = issued(stage)
      const text = new TextDecoder().decode(stage.samples.get(addressOf('2.0', 'valid')))
      const picture = await fetchFile(stage, `/v1/credentials/${credentialId}/document?format=png`)
      const files: readonly (readonly [type: string, bytes: Uint8Array])[] = [
        ['application/json', new TextEncoder().encode(text)],
        ['image/png', bakePng(picture.bytes, text)],
        ['image/svg+xml', new TextEncoder().encode(bakeSvg(PLAIN_SVG, text))],
      ]
      for (const [type, bytes] of files) {
        await forget(stage)
        const brought = await learner.send('POST', '/v1/backpack/imported', bytes, { 'content-type': type })
        expectSame(`bringing ${type} (${brought.text.slice(0, 200)})`, brought.status, 201)
        const file = await download(stage, brought.body.badge.id)
        expectSame(`${type} byte by byte`, Buffer.from(file).equals(bytes), true)
        expectSame(
          `the badge in it`,
          await documentIn(file),
          await documentIn(new TextEncoder().encode(text)),
        )
      }
      return files.map(([type]) => type).join(', ')
    },
  },
]

/** The same document is kept once, in whatever form it comes. */
async function forget(stage: ConformanceStage): Promise<void> {
  const { learner } = issued(stage)
  for (const { id } of (await learner.get('/v1/backpack/imported')).body.items)
    await learner.send('DELETE', `/v1/backpack/imported/${id}`)
}

async function download(stage: ConformanceStage, id: string): Promise<Uint8Array> {
  const { learner } = issued(stage)
  return (await learner.get(`/v1/backpack/imported/${id}/document`)).bytes
}

async function documentIn(file: Uint8Array): Promise<string> {
  const read = await readDocument(file, unbake)
  if (!read.ok || typeof read.document === 'string') throw new Error('a file has no document')
  return canonicalJson(read.document)
}
