import { expect, test } from 'vitest'
import { readFiles, readPasted } from './read-input.ts'

const JWS = 'eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln'
const RECEIPT = '{"format":"waarmerk-receipt/1","index":3}'
const file = (content: string | Uint8Array<ArrayBuffer>) => new Blob([content])

test('a link is a link, and a link to our own check gives the one inside', () => {
  const badge = 'https://badges.example.edu/credentials/1?share=abc'
  expect(readPasted(` ${badge}\n`)).toEqual({ ok: true, input: { kind: 'link', url: badge } })
  expect(readPasted(`https://badges.example.edu/verify?url=${encodeURIComponent(badge)}`)).toEqual({
    ok: true,
    input: { kind: 'link', url: badge },
  })
})

test('JSON and JWS are sent letter by letter as they came', () => {
  const json = '{ "name":  "x", "n": 1.0 }'
  expect(readPasted(json)).toMatchObject({ input: { kind: 'request', body: `{"credential":${json}}` } })
  expect(readPasted(JWS)).toMatchObject({ input: { kind: 'request', body: `{"credential":"${JWS}"}` } })
})

test('nothing, words and a receipt alone are each refused by code', () => {
  expect(readPasted('  ')).toEqual({ ok: false, code: 'empty' })
  expect(readPasted('hello')).toEqual({ ok: false, code: 'unreadable' })
  expect(readPasted('"hello"')).toEqual({ ok: false, code: 'unreadable' })
  expect(readPasted(RECEIPT)).toEqual({ ok: false, code: 'receipt-alone' })
})

test('what a picture is shows in its bytes, not in its name', async () => {
  const png = file(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2]))
  expect(await readFiles([png])).toMatchObject({ input: { kind: 'bytes', mediaType: 'image/png' } })
  expect(await readFiles([file('\n <svg/>')])).toMatchObject({ input: { mediaType: 'image/svg+xml' } })
  const paper = await readFiles([file('%PDF-1.7\n')])
  expect(paper).toMatchObject({ input: { kind: 'bytes', mediaType: 'application/pdf' } })
  expect(paper.ok && 'picture' in paper.input).toBe(false)
})

test('a badge and its receipt go together, in whichever order they were dropped', async () => {
  const badge = '{"name": "x", "n": 1.0}'
  const together = {
    ok: true,
    input: { kind: 'request', body: `{"credential":${badge},"receipt":${RECEIPT}}` },
  }
  expect(await readFiles([file(badge), file(RECEIPT)])).toEqual(together)
  expect(await readFiles([file(RECEIPT), file(badge)])).toEqual(together)
  expect(await readFiles([file(JWS), file(RECEIPT)])).toMatchObject({
    input: { body: `{"credential":"${JWS}","receipt":${RECEIPT}}` },
  })
})

test('a badge is taken out of its picture when a receipt comes with it', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[{"n": 1.0}]]></openbadges:credential></svg>'
  expect(await readFiles([file(svg), file(RECEIPT)])).toMatchObject({
    input: {
      kind: 'request',
      body: `{"credential":{"n": 1.0},"receipt":${RECEIPT}}`,
      picture: { type: 'image/svg+xml' },
    },
  })
  expect(await readFiles([file('<svg xmlns="http://www.w3.org/2000/svg"/>'), file(RECEIPT)])).toMatchObject({
    input: { kind: 'bytes', mediaType: 'image/svg+xml' },
  })
})

test('a receipt alone is told so, and unreadable files are left to the server to refuse', async () => {
  expect(await readFiles([file(RECEIPT)])).toEqual({ ok: false, code: 'receipt-alone' })
  expect(await readFiles([file('no badge')])).toMatchObject({ ok: true, input: { kind: 'bytes' } })
  expect(await readFiles([])).toEqual({ ok: false, code: 'empty' })
})
