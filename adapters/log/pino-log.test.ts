import { expect, test } from 'vitest'
import { createPinoLog } from './pino-log.ts'

function setUp(level: 'info' | 'debug' = 'info') {
  const lines: string[] = []
  const log = createPinoLog(level, { write: (line: string) => void lines.push(line) })
  return { log, lines, entry: () => JSON.parse(lines.at(-1) ?? '{}') }
}

test('an event is one JSON line with its level, its time and its fields', () => {
  const { log, lines, entry } = setUp()
  log.info('batch.sealed', { batchId: 'b1', size: 184 })
  expect(lines).toHaveLength(1)
  expect(entry()).toMatchObject({ level: 'info', event: 'batch.sealed', batchId: 'b1', size: 184 })
  expect(Date.parse(entry().time)).toBeGreaterThan(0)
})

test('a level below the threshold is not written', () => {
  const { log, lines } = setUp()
  log.debug('noise')
  expect(lines).toHaveLength(0)
})

test('secrets and persons are blotted out, however deep and in whatever spelling', () => {
  const { log, lines } = setUp()
  log.warn('careless', {
    password: 'p-1',
    SMTP_PASSWORD: 'p-2',
    nested: { deeper: [{ apiKey: 'p-3', authorization: 'p-4' }] },
    privateKey: new Uint8Array([1, 2, 3]),
    email: 'p-5@example.org',
  })
  expect(lines[0]).not.toMatch(/p-[1-5]/)
  expect(lines[0]).not.toContain('1,2,3')
})

test('a connection string loses its password, also inside an error and its cause', () => {
  const { log, lines, entry } = setUp()
  const cause = new Error('connect postgresql://app:hunter2@db.example/app failed')
  log.error('start.failed', {
    url: 'redis://:hunter2@cache.example:6379',
    error: new Error('no database', { cause }),
  })
  expect(lines[0]).not.toContain('hunter2')
  expect(entry().error.cause.message).toContain('db.example')
})

test('bytes are counted and not printed', () => {
  const { log, entry } = setUp()
  log.info('stored', { bytes: new Uint8Array(9) })
  expect(entry().bytes).toBe('[9 bytes]')
})
