import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageLinks } from './page-links.ts'

const URL_OF_LIST = 'https://badges.example.org/ims/ob/v3p0/credentials'

function linksOf(header: string | undefined): Record<string, URL> {
  const links = (header ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)
  return Object.fromEntries([...links].map(([, url = '', rel = '']) => [rel, new URL(url)]))
}
const offsetOf = (url: URL | undefined) => Number(url?.searchParams.get('offset'))

test('following next from the first page on meets everything once, and ends on the last page', () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 20 }), (total, limit) => {
      const seen: number[] = []
      for (let offset = 0; ; ) {
        seen.push(...Array.from({ length: total }, (_, n) => n).slice(offset, offset + limit))
        const { next, last, first, prev } = linksOf(pageLinks({ limit, offset, total }, URL_OF_LIST))
        if (offset > 0) expect(offsetOf(prev)).toBe(offset - limit)
        else expect(prev).toBeUndefined()
        if (next === undefined) {
          if (last !== undefined) expect(offsetOf(last)).toBe(offset)
          break
        }
        expect(offsetOf(first)).toBe(0)
        offset = offsetOf(next)
      }
      expect(seen).toEqual(Array.from({ length: total }, (_, n) => n))
    }),
  )
})

test('a page that holds everything needs no links, and other parameters go along', () => {
  expect(pageLinks({ limit: 10, offset: 0, total: 10 }, URL_OF_LIST)).toBeUndefined()
  const since = '2026-01-01T00:00:00+01:00'
  const { next } = linksOf(pageLinks({ limit: 1, offset: 0, total: 3 }, URL_OF_LIST, [['since', since]]))
  expect(next?.searchParams.get('since')).toBe(since)
})

test('an offset behind the end has a page before it', () => {
  const { prev, next } = linksOf(pageLinks({ limit: 5, offset: 100, total: 7 }, URL_OF_LIST))
  expect([offsetOf(prev), next]).toEqual([2, undefined])
})
