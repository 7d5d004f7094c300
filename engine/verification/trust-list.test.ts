import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { trustList, unsignedTrustList } from '#test/verification/sample-trust-list.ts'
import { findListed, indexTrustList } from './find-listed.ts'
import { parseTrustList, type TrustList } from './trust-list.ts'

const ajv = new Ajv2020({ strict: false })
;(addFormats as unknown as (to: Ajv2020) => void)(ajv)
const fitsSchema = ajv.compile(JSON.parse(readFileSync('docs/schemas/trust-list.schema.json', 'utf8')))

const ISSUER = { name: 'A school', ids: ['did:web:a.example.org'] }
const withIssuer = (change: JsonObject): JsonObject =>
  unsignedTrustList({ issuers: [{ ...ISSUER, ...change }] })

describe('the form of a trust list', () => {
  test('a good one is read, and fits the published schema', () => {
    const list = trustList()
    expect(parseTrustList(list)).toMatchObject({
      ok: true,
      list: { version: 3, issuers: [{ brin: '00AA', wholeDomain: false }] },
    })
    expect(fitsSchema(list)).toBe(true)
  })

  test.each<[string, JsonObject]>([
    ['/format', unsignedTrustList({ format: 'waarmerk-trust-list/2' })],
    ['/note', unsignedTrustList({ note: 'Only on Mondays' })],
    ['/version', unsignedTrustList({ version: 0 })],
    ['/version', unsignedTrustList({ version: 1.5 })],
    ['/name', unsignedTrustList({ name: '' })],
    ['/validUntil', unsignedTrustList({ validUntil: 'tomorrow' })],
    ['/publisher/id', unsignedTrustList({ publisher: { id: 'Sample council' } })],
    ['/publisher/email', unsignedTrustList({ publisher: { id: 'did:web:a.example', email: 'a@b.example' } })],
    ['/issuers/0', unsignedTrustList({ issuers: ['did:web:a.example.org'] })],
    ['/issuers/0/ids', withIssuer({ ids: ['a.example.org'] })],
    ['/issuers/0/ids', withIssuer({ ids: [] })],
    ['/issuers/0/domain', withIssuer({ domain: 'A.example.org' })],
    ['/issuers/0/domain', withIssuer({ domain: 'a.example.org:8443' })],
    ['/issuers/0/domain', withIssuer({ wholeDomain: true })],
    ['/issuers/0/domain', withIssuer({ paths: ['/badges'] })],
    ...['badges', '/', '/badges/', '/a/../b', '/./a', '/a b', '/a%2f'].map<[string, JsonObject]>((path) => [
      '/issuers/0/paths',
      withIssuer({ domain: 'a.example.org', paths: [path] }),
    ]),
    ['/issuers/0/brin', withIssuer({ brin: '0AAA' })],
    ['/issuers/0/ror', withIssuer({ ror: '012345678' })],
    ['/issuers/0/onChain', withIssuer({ onChain: ['0x12'] })],
    ['/issuers/0/since', withIssuer({ since: '2026-11-01' })],
    ['/issuers/0/email', withIssuer({ email: 'a@b.example' })],
  ])('the fault is named: %s', (member, list) => {
    expect(parseTrustList(list)).toEqual({ ok: false, member })
    expect(fitsSchema(list)).toBe(false)
  })

  test('one that ends before it begins is none', () => {
    const { validFrom = '' } = unsignedTrustList()
    expect(parseTrustList(unsignedTrustList({ validUntil: validFrom }))).toMatchObject({ ok: false })
  })
})

const host = fc.constantFrom('a.example.org', 'b.example.org')
const id = host.chain((at) =>
  fc.constantFrom(
    `did:web:${at}`,
    `did:web:${at}:issuers:x`,
    `did:web:${at}:~x`,
    `https://${at}`,
    `https://${at}/i`,
    `https://${at}/i/j`,
    `https://${at}/ij`,
  ),
)
const moment = fc.option(fc.integer({ min: 0, max: 9 }).map(asInstant), { nil: undefined })
const entry = fc.record({
  ids: fc.array(id, { maxLength: 2 }),
  domain: host,
  wholeDomain: fc.boolean(),
  paths: fc.uniqueArray(fc.constantFrom('/i', '/issuers', '/i/j'), { maxLength: 2 }),
  since: moment,
  until: moment,
})

test('who is listed is as counted by going through the list', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), id, moment, (entries, asked, at) => {
      const issuers = entries.map(({ since, until, ...each }, index) => ({
        ...each,
        name: String(index),
        onChain: [],
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      }))
      const index = indexTrustList({ issuers } as unknown as TrustList)
      const inTime = ({ since, until }: (typeof issuers)[number]) =>
        at === undefined
          ? since === undefined && until === undefined
          : (since ?? at) <= at && at < (until ?? at + 1)
      const named = issuers.filter((each) => each.ids.includes(asked) && inTime(each))
      // As an address, a did:web and an https issuer are compared alike.
      const place = asked.replace('did:web:', '').replace('https://', '').replaceAll(':', '/')
      const isOfDomain = !place.includes('/') || (asked.startsWith('did:') && !place.includes('~'))
      const meant = issuers.filter(
        ({ domain, wholeDomain, paths, ...each }) =>
          inTime({ domain, wholeDomain, paths, ...each }) &&
          ((wholeDomain && isOfDomain && place.startsWith(domain)) ||
            paths.some((path) => `${place}/`.startsWith(`${domain}${path}/`))),
      )
      const found = findListed(index, asked, at)?.name
      if (named.length > 0) expect(found).toBe(named[0]?.name)
      // Of several places the nearest counts, and any of these entries is right.
      else if (meant.length > 0) expect(meant.map(({ name }) => name)).toContain(found)
      else expect(found).toBeUndefined()
    }),
  )
})

test('moments are read to the millisecond', () => {
  const since = formatInstant(asInstant(1234567))
  const reading = parseTrustList(withIssuer({ since }))
  expect(reading).toMatchObject({ ok: true, list: { issuers: [{ since: 1234567 }] } })
})

test('a whole domain is listed without what is served at other ports of it', () => {
  const listed = { name: 'A', ids: [], onChain: [], domain: 'uni.example.nl', wholeDomain: true, paths: [] }
  const index = indexTrustList({ issuers: [listed] } as unknown as TrustList)
  expect(findListed(index, 'did:web:uni.example.nl:a', undefined)?.name).toBe('A')
  for (const other of ['did:web:uni.example.nl%3A8443', 'https://uni.example.nl:8443/a'])
    expect(findListed(index, other, undefined)).toBeUndefined()
})
