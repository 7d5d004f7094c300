import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId, MembershipId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Stores } from '#services/ports/stores.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openDatabase, type PostgresDatabase } from './database.ts'

let home: TestDatabase
let database: PostgresDatabase
beforeAll(async () => {
  home = await createTestDatabase()
  database = openDatabase(home.url)
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

let slugs = 0
/** An organisation with its root unit. */
async function organisation(): Promise<{ id: OrganisationId; root: UnitId }> {
  const [id, root] = [crypto.randomUUID() as OrganisationId, crypto.randomUUID() as UnitId]
  slugs += 1
  await database.asWorker(async (stores) => {
    await stores.organisations.insert({ id, slug: `test-${slugs}`, name: 'Test', sample: false })
    await stores.organisations.insertUnit({
      organisationId: id,
      id: root,
      kind: 'organisation',
      name: 'Test',
    })
  })
  return { id, root }
}

/** Gives two transactions a place where each waits until the other is there too. */
function meeting() {
  let here = 0
  let open = () => {}
  const both = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    here += 1
    if (here >= 2) open()
    return both
  }
}

test('what throws is taken back whole', async () => {
  const { id, root } = await organisation()
  const failing = database.inOrganisation(id, async (stores) => {
    await stores.organisations.insertUnit({
      organisationId: id,
      id: crypto.randomUUID() as UnitId,
      parentId: root,
      kind: 'group',
      name: 'Gone',
    })
    throw new Error('Changed my mind')
  })
  await expect(failing).rejects.toThrow('Changed my mind')
  expect(await database.inOrganisation(id, (stores) => stores.organisations.units(id))).toHaveLength(1)
})

test('in the transaction of one organisation another one’s rows are neither found nor written', async () => {
  const [one, other] = [await organisation(), await organisation()]
  await database.inOrganisation(one.id, async (stores) => {
    expect(await stores.organisations.find(other.id)).toBeUndefined()
    expect(await stores.organisations.units(other.id)).toEqual([])
    expect(await stores.organisations.unitPath(other.id, other.root)).toEqual([])
  })
  const writing = database.inOrganisation(one.id, (stores) =>
    stores.organisations.insertUnit({
      organisationId: other.id,
      id: crypto.randomUUID() as UnitId,
      parentId: other.root,
      kind: 'group',
      name: 'Smuggled',
    }),
  )
  await expect(writing).rejects.toThrow(/row-level security/)
})

test('who loses the race for a unique key is run again, and sees what the winner wrote', async () => {
  const { id, root } = await organisation()
  const accountId = await database.asWorker((stores) =>
    stores.access.accountOf({ type: 'email', value: 'race@example.org' }, crypto.randomUUID() as AccountId),
  )
  const meet = meeting()
  const join = async (stores: Stores): Promise<'made' | 'found'> => {
    const grants = await stores.access.grantsOf(accountId)
    if (grants.length > 0) return 'found'
    await meet()
    const membership = {
      organisationId: id,
      id: crypto.randomUUID() as MembershipId,
      unitId: root,
      accountId,
      rights: ['read'] as const,
      revision: 1,
      createdAt: asInstant(0),
    }
    await stores.memberships.insert(membership)
    return 'made'
  }
  const outcomes = await Promise.all([database.asWorker(join), database.asWorker(join)])
  expect(outcomes.sort()).toEqual(['found', 'made'])
})

test('two that wait for each other both get through', async () => {
  const meet = meeting()
  const runs: string[] = []
  const lockBoth = (first: string, then: string) =>
    database.transaction('waarmerk_worker', '', async (tx) => {
      runs.push(first)
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext(${first}))::text`
      await meet()
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext(${then}))::text`
    })
  await Promise.all([lockBoth('a', 'b'), lockBoth('b', 'a')])
  expect(runs.length).toBeGreaterThan(2)
})

test('a database that is not there is unavailable, with leave to try again', async () => {
  const nowhere = openDatabase('postgresql://nobody:nothing@127.0.0.1:1/none')
  try {
    for (const asking of [nowhere.ping(), nowhere.asWorker((stores) => stores.organisations.count())])
      await expect(asking).rejects.toMatchObject({ code: 'database-unavailable', status: 503, retry: true })
  } finally {
    await nowhere.close()
  }
})
