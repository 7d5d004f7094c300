import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRules } from './run-rules.ts'

let root: string
let number = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'waarmerk-rules-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A folder with these files; what is no text is written as JSON. */
async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = join(root, String(++number))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

async function run(...argv: readonly string[]) {
  let [out, err] = ['', '']
  const code = await runRules(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

const ruleFor = (achievement: string, when: unknown, more: object = {}) => ({
  schema: 'waarmerk-rule/1',
  achievement,
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when,
  ...more,
})
const TWICE = ruleFor('regular', { id: 'twice', count: 2, where: "event.type == 'attended'", within: 'P7D' })
const attended = (id: string, learner: string, day: string) => ({
  specversion: '1.0',
  id,
  source: 'urn:example:lms',
  type: 'attended',
  time: `2026-09-${day}T09:00:00Z`,
  subject: `mailto:${learner}@example.org`,
})
const EVENTS = [attended('1', 'ann', '01'), attended('2', 'ann', '05'), attended('3', 'bob', '01')]
const EXPECTED = { awards: [{ learner: 'email:ann@example.org', metAt: '2026-09-05T09:00:00Z' }] }

describe('check', () => {
  test('a folder of good rules is fine, folders in it included', async () => {
    const folder = await folderOf({
      'twice.rule.json': TWICE,
      'deep/er/more.rule.json': ruleFor('more', { holds: 'regular' }),
    })
    expect(await run('check', folder)).toEqual({ code: 0, out: '2 rules, 0 faults, 0 warnings.\n', err: '' })
  })

  test('every fault is told with file, place and code', async () => {
    const folder = await folderOf({
      'a.rule.json': ruleFor('a', { count: 2, where: 'event.scor >= 0.7' }),
      'b.rule.json': ruleFor('b', { all: [] }),
      'c.rule.json': '{ "schema": "waarmerk-rule/1",\n "schema": 1 }',
      'd.rule.json': ruleFor('d', { holds: 'nobody' }),
      'one/e.rule.json': ruleFor('e', { event: 'attended' }),
      'two/e.rule.json': ruleFor('e', { event: 'attended' }),
      'x.rule.json': ruleFor('x', { holds: 'y' }),
      'y.rule.json': ruleFor('y', { holds: 'x' }),
    })
    const { code, out } = await run('check', folder, '--json')
    expect(code).toBe(1)
    const { files } = JSON.parse(out) as {
      files: { file: string; faults: { code: string; path: string }[] }[]
    }
    const faults = files.flatMap(({ file, faults }) =>
      faults.map(({ code, path }) => `${file} ${path} ${code}`),
    )
    expect(faults).toEqual([
      'a.rule.json /when/where rule-field-unknown',
      'b.rule.json /when/all rule-group-empty',
      'c.rule.json  json-duplicate-key',
      'd.rule.json /when/holds rule-achievement-unknown',
      'two/e.rule.json  rule-file-double',
      'x.rule.json /when/holds rule-cycle',
      'y.rule.json /when/holds rule-cycle',
    ])
    const told = await run('check', folder)
    expect(told.code).toBe(1)
    expect(told.out).toContain('x c.rule.json: Line 2: ')
    expect(told.out).toContain('8 rules, 7 faults')
  })

  test('waarmerk.json says what there is besides', async () => {
    const rule = ruleFor('a', { all: [{ holds: 'elsewhere' }, { event: 'org.example.own', within: 'P2Y' }] })
    const faultsWith = async (settings: object) => {
      const { out } = await run(
        'check',
        await folderOf({ 'a.rule.json': rule, 'waarmerk.json': settings }),
        '--json',
      )
      return JSON.parse(out).files[0].faults.map(({ code }: { code: string }) => code)
    }
    const eventTypes = ['org.example.own']
    expect(await faultsWith({})).toEqual(['rule-achievement-unknown', 'rule-event-type-unknown'])
    expect(await faultsWith({ achievements: ['elsewhere'], eventTypes })).toEqual([
      'rule-achievement-unknown',
    ])
    expect(await faultsWith({ achievements: ['a', 'elsewhere'], eventTypes })).toEqual([])
    expect(await faultsWith({ achievements: ['a', 'elsewhere'], eventTypes, retention: 'P1Y' })).toEqual([
      'rule-window-beyond-retention',
    ])
  })
})

describe('test', () => {
  test('examples that give what is expected pass', async () => {
    const folder = await folderOf({
      'twice.rule.json': TWICE,
      'twice.events.json': EVENTS,
      'twice.expected.json': EXPECTED,
    })
    expect(await run('test', folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('+ twice.rule.json (3 events)'),
    })
  })

  test.each([
    ['an award too few', { awards: [] }, 'expected: no award'],
    [
      'an award too many',
      { awards: [...EXPECTED.awards, { learner: 'email:bob@example.org' }] },
      'found:    no award: ',
    ],
    [
      'another time',
      { awards: [{ ...EXPECTED.awards[0], metAt: '2026-09-06T09:00:00Z' }] },
      'found:    award, met at 2026-09-05',
    ],
    ['another occurrence', { awards: [{ ...EXPECTED.awards[0], occurrence: 'x' }] }, 'occurrence once'],
    ['another outcome', { awards: [{ ...EXPECTED.awards[0], outcome: 'needs_review' }] }, 'needs_review'],
    [
      'other words',
      { ...EXPECTED, words: { 'email:bob@example.org': ['Nothing.'] } },
      'words for email:bob@example.org',
    ],
    [
      'a near miss that is none',
      { ...EXPECTED, nearMisses: [{ learner: 'email:bob@example.org', conjunct: 'x' }] },
      'found:    none',
    ],
    [
      'an earlier look',
      {
        ...EXPECTED,
        holdings: { 'email:bob@example.org': [{ achievement: 'none', since: '2026-01-01T00:00:00Z' }] },
      },
      'unknown achievement: none',
    ],
    ['a misspelt expectation', { award: [], awards: EXPECTED.awards }, 'twice.expected.json: /award '],
    [
      'a file of events that is not there',
      { ...EXPECTED, events: ['none.json'] },
      'none.json: There is no such file. (file-missing)',
    ],
  ])('%s fails, and is told', async (_name, expected, told) => {
    const folder = await folderOf({
      'twice.rule.json': TWICE,
      'twice.events.json': EVENTS,
      'twice.expected.json': expected,
    })
    const { code, out } = await run('test', folder)
    expect(code).toBe(1)
    expect(out).toContain('x twice.rule.json')
    expect(out).toContain(told)
  })

  test('an event with a fault fails with its place', async () => {
    const { subject: _, ...nobody } = attended('4', 'ann', '02')
    const folder = await folderOf({
      'twice.rule.json': TWICE,
      'twice.events.json': [...EVENTS, nobody],
      'twice.expected.json': EXPECTED,
    })
    const { code, out } = await run('test', folder)
    expect([code, out]).toEqual([1, expect.stringContaining('twice.events.json: /3/subject ')])
  })

  test('rules of a folder work together, and badges may be held from before', async () => {
    const ann = 'email:ann@example.org'
    const held = { [ann]: [{ achievement: 'earlier', since: '2026-01-01T00:00:00Z' }] }
    const folder = await folderOf({
      'waarmerk.json': { achievements: ['regular', 'all-three', 'earlier'] },
      'twice.rule.json': TWICE,
      'both.rule.json': ruleFor('all-three', { all: [{ holds: 'regular' }, { holds: 'earlier' }] }),
      'both.events.json': EVENTS,
      'both.expected.json': { ...EXPECTED, holdings: held },
    })
    const { code, out } = await run('test', folder)
    expect([code, out]).toEqual([0, expect.stringContaining('1 passed, 0 failed, 1 without examples.')])
  })

  test('a correction by somebody else changes the history of the person whose event it was', async () => {
    const teacher = { ...attended('v', 'teacher', '06'), type: 'voided', data: { voids: '2' } }
    const folder = await folderOf({
      'twice.rule.json': TWICE,
      'twice.events.json': [...EVENTS, teacher],
      'twice.expected.json': { awards: [] },
    })
    expect((await run('test', folder)).code).toBe(0)
  })

  test('whom events name is awarded, and not for what was taken back', async () => {
    const rowed = (id: string, day: string, crew: readonly string[]) => ({
      ...attended(id, 'cox', day),
      data: { score: 0.9, crew: crew.map((learner) => `mailto:${learner}@example.org`) },
    })
    const folder = await folderOf({
      'rowed.rule.json': ruleFor(
        'rowed',
        { count: 1, where: "event.type == 'attended' && event.score >= 0.7" },
        { recipient: 'event.data.crew' },
      ),
      'rowed.events.json': [
        rowed('1', '01', ['ann', 'bob']),
        rowed('2', '02', ['cee']),
        { ...attended('3', 'cox', '03'), type: 'voided', data: { voids: '2' } },
        { ...attended('4', 'cox', '04'), data: { score: 0.5, crew: ['mailto:dee@example.org'] } },
      ],
      'rowed.expected.json': {
        awards: ['ann', 'bob'].map((learner) => ({ learner: `email:${learner}@example.org` })),
        nearMisses: [{ learner: 'email:dee@example.org', conjunct: '(event.score >= 0.7)' }],
      },
    })
    expect(await run('test', folder)).toMatchObject({ code: 0 })
  })

  test('what cannot be read is wrong use, and no crash', async () => {
    const folder = await folderOf({ 'a.rule.json/deeper.txt': '' })
    const { code, err } = await run('check', folder)
    expect([code, err]).toEqual([2, expect.stringContaining('Cannot read')])
  })

  test('what waits is awarded when it is looked at late enough', async () => {
    const when = {
      all: [{ event: 'attended' }, { not: { event: 'failed' }, until: 'satisfied', settle: 'P14D' }],
    }
    const folderAt = (now: object, awards: object[]) =>
      folderOf({
        'w.rule.json': ruleFor('w', when),
        'w.events.json': [attended('1', 'ann', '01')],
        'w.expected.json': { ...now, awards },
      })
    expect((await run('test', await folderAt({}, []))).code).toBe(0)
    const later = await folderAt({ now: '2026-09-15T09:00:00Z' }, [{ learner: 'email:ann@example.org' }])
    expect((await run('test', later)).code).toBe(0)
  })

  test('moments from the activation are those of each example: where it is looked at', async () => {
    const { when, ...rest } = ruleFor('recent', { event: 'attended' }, { notBefore: '-P7D' })
    const folder = await folderOf({
      'soon.rule.json': { ...rest, when },
      'soon.events.json': [attended('1', 'ann', '01')],
      'soon.expected.json': { now: '2026-09-05T00:00:00Z', awards: [{ learner: 'email:ann@example.org' }] },
      'late.rule.json': { ...rest, achievement: 'other', when },
      'late.events.json': [attended('1', 'ann', '01')],
      'late.expected.json': { now: '2026-09-20T00:00:00Z', awards: [] },
    })
    expect(await run('test', folder)).toMatchObject({ code: 0 })
  })

  test('for programs: TAP and JUnit, with whatever a name or a text holds', async () => {
    const folder = await folderOf({
      'a.rule.json': ruleFor('a', { event: 'attended' }),
      'b <&>.rule.json': TWICE,
      'b <&>.events.json': EVENTS,
      'b <&>.expected.json': { awards: [{ learner: '"<x>"' }] },
    })
    const tap = await run('test', folder, '--reporter', 'tap')
    expect(tap.code).toBe(1)
    expect(tap.out).toMatch(
      /^TAP version 13\n1\.\.2\nok 1 - a\.rule\.json # SKIP no examples\nnot ok 2 - b <&>/,
    )
    const junit = await run('test', folder, '--reporter', 'junit')
    expect(junit.out).toContain('<testsuites tests="2" failures="1" skipped="1">')
    expect(junit.out).toContain(
      'name="b &#60;&#38;&#62;.rule.json"><failure message="&#34;&#60;x&#62;&#34;">',
    )
  })

  test('the samples of the documentation do what they say', async () => {
    expect(await run('test', join(import.meta.dirname, '../../../docs/samples'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('4 passed, 0 failed, 0 without examples.'),
    })
  })
})

describe('wrong use', () => {
  test.each([
    ['no command', []],
    ['no folder', ['check']],
    ['an unknown command', ['deploy', 'GOOD']],
    ['two folders', ['check', 'GOOD', 'GOOD']],
    ['a folder that is not there', ['check', join(tmpdir(), 'waarmerk-none')]],
    ['an unknown option', ['check', 'GOOD', '--force']],
    ['an option of another command', ['diff', 'GOOD', '--dry-run']],
    ['an unknown reporter', ['test', 'GOOD', '--reporter', 'xml']],
    ['no server', ['diff', 'GOOD', '--key', 'k']],
    ['no key', ['diff', 'GOOD', '--server', 'https://badges.example.org']],
    ['a server that is no address', ['apply', 'GOOD', '--server', 'badges', '--key', 'k']],
    ['a key in the open', ['apply', 'GOOD', '--server', 'http://badges.example.org', '--key', 'k']],
    ['settings that are none', ['check', 'BAD']],
    ['a folder without rules', ['test', 'EMPTY']],
  ])('%s', async (_name, argv) => {
    const good = await folderOf({ 'twice.rule.json': TWICE })
    const bad = await folderOf({ 'twice.rule.json': TWICE, 'waarmerk.json': { achievements: 'all' } })
    const empty = await folderOf({ 'rule.json': TWICE })
    const folders: Readonly<Record<string, string>> = { GOOD: good, BAD: bad, EMPTY: empty }
    const { code, out, err } = await run(...argv.map((each) => folders[each] ?? each))
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Usage: waarmerk rules')
  })

  test('asking for help is no fault', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, err: '' })
  })

  test('a server that does not answer is told from one that says no', async () => {
    const good = await folderOf({ 'twice.rule.json': TWICE })
    const { code, err } = await run('diff', good, '--server', 'http://localhost:1', '--key', 'k')
    expect([code, err]).toEqual([3, expect.stringContaining('could not be reached')])
  })
})
