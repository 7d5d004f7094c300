import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventId, OrganisationId, SourceId, SubjectId, UnitId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { EventIntake, NewEvent } from '#services/ports/event-intake.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openDatabase, type PostgresDatabase } from './database.ts'
import { withClient } from './with-client.ts'

const SOURCE = 'https://lms.example.org/test'
const NOW = asInstant(Date.UTC(2026, 0, 15))

let home: TestDatabase
let database: PostgresDatabase
let organisationId: OrganisationId
let sourceId: SourceId
let subjectId: SubjectId
beforeAll(async () => {
  home = await createTestDatabase()
  database = openDatabase(home.url)
  organisationId = await newOrganisation('one')
  const known = await database.takingEvents(organisationId, makeKnown)
  sourceId = known.sourceId
  subjectId = known.subjectId
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

const newId = <Id extends string>(): Id => crypto.randomUUID() as unknown as Id

async function newOrganisation(slug: string): Promise<OrganisationId> {
  const id = newId<OrganisationId>()
  await database.asWorker(async ({ organisations }) => {
    await organisations.insert({ id, slug, name: 'Test', sample: false })
    const root = { organisationId: id, id: newId<UnitId>(), kind: 'organisation', name: 'Test' } as const
    await organisations.insertUnit(root)
  })
  return id
}

const PERSON = { type: 'email', value: 'sample.learner@example.org' } as const

async function makeKnown(intake: EventIntake) {
  const sources = await intake.createSources([{ id: newId<SourceId>(), uri: SOURCE }])
  const subjects = await intake.createSubjects([{ id: newId<SubjectId>(), identifier: PERSON }])
  const [source, subject] = [sources.get(SOURCE), [...subjects.values()][0]]
  if (source === undefined || subject === undefined) throw new Error('Neither was made.')
  return { sourceId: source.id, subjectId: subject }
}

const event = (name: string, content = name): NewEvent => ({
  id: newId<EventId>(),
  sourceId,
  subjectId,
  event: { source: SOURCE, sourceId: name, type: 'completed', time: NOW, actor: PERSON, data: { content } },
  raw: Buffer.from(content),
  mediaType: 'application/json',
  digest: createHash('sha256').update(content).digest(),
})

const stored = () =>
  withClient(home.url, async (client) => {
    const { rows } = await client.query('SELECT source_event_id AS name FROM event ORDER BY source_event_id')
    return rows.map(({ name }) => name)
  })

test('what is asked for is answered by name, and what nobody knows is missing', async () => {
  const stranger = { type: 'email', value: 'stranger@example.org' } as const
  const known = await database.takingEvents(organisationId, (intake) =>
    intake.look([SOURCE, 'https://elsewhere.example.org'], [stranger, PERSON]),
  )
  expect([...known.sources]).toEqual([[SOURCE, { id: sourceId, createsSubjects: true }]])
  expect([...known.subjects.values()]).toEqual([subjectId])
  expect(known.rootUnit).toBeDefined()
})

test('a key is taken once, in one batch and in the next, and says whose it is', async () => {
  const [first, twin, again] = [event('once'), event('once'), event('once', 'other')]
  const answers = await database.takingEvents(organisationId, (intake) => intake.store([first, twin], NOW))
  expect(answers.map(({ kind }) => kind).sort()).toEqual(['fresh', 'taken'])
  const holder = answers[0]?.kind === 'fresh' ? first : twin
  const [answer] = await database.takingEvents(organisationId, (intake) => intake.store([again], NOW))
  expect(answer).toMatchObject({ kind: 'taken', eventId: holder.id })
  expect(await stored()).toEqual(['once'])
})

test('what throws after storing has stored nothing', async () => {
  const failing = database.takingEvents(organisationId, async (intake) => {
    await intake.store([event('gone')], NOW)
    throw new Error('Changed my mind')
  })
  await expect(failing).rejects.toThrow('Changed my mind')
  expect(await stored()).not.toContain('gone')
})

test('batches with the same events in opposite orders store each of them once', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `shared-${n}`)
  const batches = await Promise.all(
    Array.from({ length: 8 }, (_, turn) =>
      database.takingEvents(organisationId, (intake) =>
        intake.store(
          (turn % 2 === 0 ? names : names.toReversed()).map((name) => event(name)),
          NOW,
        ),
      ),
    ),
  )
  expect(batches.flat().filter(({ kind }) => kind === 'fresh')).toHaveLength(names.length)
  expect((await stored()).filter((name) => name.startsWith('shared-'))).toHaveLength(names.length)
})

test('the same new source and the same new person are made once', async () => {
  const other = await newOrganisation('race')
  const made = await Promise.all(Array.from({ length: 8 }, () => database.takingEvents(other, makeKnown)))
  expect(new Set(made.map((each) => `${each.sourceId} ${each.subjectId}`)).size).toBe(1)
})

test('another organisation’s sources, people and keys are neither found nor written', async () => {
  const other = await newOrganisation('two')
  const known = await database.takingEvents(other, (intake) => intake.look([SOURCE], [PERSON]))
  expect([known.sources.size, known.subjects.size]).toEqual([0, 0])
  const smuggling = database.takingEvents(other, (intake) => intake.store([event('smuggled')], NOW))
  await expect(smuggling).rejects.toThrow(/foreign key/)
  const stealing = database.transaction(
    'waarmerk_tenant',
    other,
    (tx) => tx.$executeRaw`UPDATE event SET type = 'stolen'`,
  )
  expect(await stealing).toBe(0)
})

test('a database that is not there is unavailable, with leave to try again', async () => {
  const nowhere = openDatabase('postgresql://nobody:nothing@127.0.0.1:1/none')
  try {
    const asking = nowhere.takingEvents(organisationId, (intake) => intake.look([], []))
    await expect(asking).rejects.toMatchObject({ code: 'database-unavailable', status: 503, retry: true })
  } finally {
    await nowhere.close()
  }
})

test('a connection that is cut in the middle is unavailable, and the next call gets a new one', async () => {
  const cutting = database.takingEvents(organisationId, async (intake) => {
    await intake.store([event('cut')], NOW)
    await withClient(home.url, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      ),
    )
    await intake.look([], [])
  })
  await expect(cutting).rejects.toMatchObject({ code: 'database-unavailable' })
  expect(await stored()).not.toContain('cut')
  await database.takingEvents(organisationId, (intake) => intake.store([event('cut')], NOW))
  expect(await stored()).toContain('cut')
})
