import { expect, test } from 'vitest'
import { LINK_MARK } from '#engine/notifications/mail-template.ts'
import { layOut } from './mail-layout.ts'

const url = 'https://badges.example.org/claim#a"b'

test('whatever is put in is shown as text, and the link stands in it once', () => {
  const paragraphs = ['<script>&</script>', `View <it>: ${LINK_MARK}`, 'Bye']
  const { text, html } = layOut({ subject: '<x>', paragraphs }, { url })
  expect(text).toBe(`<script>&</script>\n\nView <it>: ${url}\n\nBye`)
  expect(html).not.toContain('<script>')
  expect(html).toMatch(
    /<a href="https:\/\/badges\.example\.org\/claim#a&#34;b" style="[^"]+">View &#60;it&#62;<\/a>/,
  )
})

test('a link within a sentence is a link, and one behind a label alone is a button', () => {
  const { text, html } = layOut(
    { subject: 'S', paragraphs: [`See ${LINK_MARK} now,\nor never`, `Go: ${LINK_MARK}`] },
    { url: 'https://a.example', sender: 'Q & A', footer: { label: 'Stop', url: 'https://b.example' } },
  )
  expect(text).toBe(
    'See https://a.example now,\nor never\n\nGo: https://a.example\n\nStop: https://b.example',
  )
  expect(html).toContain('See <a href="https://a.example">https://a.example</a> now,<br>or never')
  expect(html.match(/display:inline-block/g)).toHaveLength(1)
  expect(html).toContain('Q &#38; A')
})
