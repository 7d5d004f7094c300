import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { launchBrowser } from './launch.ts'

test('a real browser opens a page of ours and runs its script', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end("<button onclick=\"this.textContent = crypto.subtle ? 'waar' : '?'\">merk</button>")
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`http://localhost:${port}/`)
    await page.click('button')
    expect(await page.textContent('button')).toBe('waar')
  } finally {
    await browser.close()
    server.close()
  }
})
