import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let api: ApiCaller
let issuerId: string
beforeAll(async () => {
  product = await startTestProduct()
  ;({ api } = await product.organisation('blank-school'))
  issuerId = (await api.post('/v1/issuers', { slug: 'blank-academy', name: ' Academy ' })).body.id
})
afterAll(() => product?.stop())

const text = { en: 'Text.' }
const definition = { name: text, description: text, criteria: text }

test.each([' ', '   ', '\u200B', '\u00AD', '\u3164', '\u2800'])(
  '%j is the text of nothing',
  async (blank) => {
    const of = (over: object) => ({ ...definition, ...over })
    for (const over of [{ name: { en: blank } }, { criteria: { en: blank } }, { purpose: { en: blank } }]) {
      const slug = `blank-${Object.keys(over)[0]}`
      const made = await api.post('/v1/achievements', { issuerId, slug, definition: of(over) })
      const pointer = `/definition/${Object.keys(over)[0]}/en`
      expect([made.status, made.body.errors]).toMatchObject([400, [{ pointer, code: 'blank' }]])
      const checked = await api.post('/v1/achievements/check', { definition: of(over) })
      expect([checked.status, checked.body.code]).toEqual([400, 'invalid-request'])
    }
    for (const [path, body] of [
      ['/v1/units', { name: blank }],
      ['/v1/roles', { name: blank, description: '', rights: ['read'] }],
      ['/v1/issuers', { slug: 'blank-two', name: blank }],
      ['/v1/api-keys', { name: blank, rights: ['read'] }],
    ] as const) {
      const refused = await api.post(path, body)
      expect([path, refused.status, refused.body.errors]).toMatchObject([path, 400, [{ pointer: '/name' }]])
    }
  },
)

test('what stands around a text is cut off', async () => {
  const name = { en: '  First aid ' }
  const slug = 'trimmed'
  const made = await api.post('/v1/achievements', { issuerId, slug, definition: { ...definition, name } })
  expect(made.body.versions[0].definition.name).toEqual({ en: 'First aid' })
  expect((await api.post('/v1/units', { name: ' Faculty ' })).body.name).toBe('Faculty')
})
