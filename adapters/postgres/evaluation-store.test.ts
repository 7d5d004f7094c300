import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  AchievementId,
  AwardId,
  DecisionId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Decision, DocumentedDecision } from '#services/ports/evaluation-store.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openDatabase, type PostgresDatabase } from './database.ts'
import { withClient } from './with-client.ts'

const NOW = asInstant(Date.UTC(2026, 0, 15))
const newId = <Id extends string>(): Id => crypto.randomUUID() as unknown as Id
const organisationId = newId<OrganisationId>()
const ruleId = newId<RuleId>()
const achievementId = newId<AchievementId>()
const [first, second] = [newId<SubjectId>(), newId<SubjectId>()]

let home: TestDatabase
let database: PostgresDatabase
beforeAll(async () => {
  home = await createTestDatabase()
  database = openDatabase(home.url)
  await withClient(home.url, async (client) => {
    // What the rows point to is not what is tested here.
    await client.query("SET session_replication_role = 'replica'")
    await client.query("INSERT INTO organisation (id, slug, name) VALUES ($1, 'test', 'Test')", [
      organisationId,
    ])
    await client.query(
      "INSERT INTO rule (organisation_id, id, achievement_id, name) VALUES ($1, $2, $3, 'Test')",
      [organisationId, ruleId, achievementId],
    )
    for (const id of [first, second])
      await client.query('INSERT INTO subject (organisation_id, id, canonical_id) VALUES ($1, $2, $2)', [
        organisationId,
        id,
      ])
  })
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

const decisionOf = (
  subjectId: SubjectId,
  outcome: Decision['outcome'],
  awardId?: AwardId,
): DocumentedDecision => ({
  id: newId<DecisionId>(),
  decidedAt: NOW,
  ruleId,
  ruleVersionId: newId<RuleVersionId>(),
  achievementId,
  subjectId,
  occurrence: 'once',
  outcome,
  metAt: NOW,
  document: new TextEncoder().encode('{"document":true}'),
  trace: { text: 'Naïve “quotes”, \\ and {braces}' } as unknown as Decision['trace'],
  ...(awardId === undefined ? {} : { awardId }),
})

test('decisions that are saved together are each kept whole; of one occurrence the last one counts, with its award', async () => {
  const award = newId<AwardId>()
  const decisions = [
    decisionOf(first, 'award', award),
    decisionOf(second, 'blocked'),
    decisionOf(first, 'retracted'),
  ]
  await database.inOrganisation(organisationId, async ({ evaluation }) => {
    await evaluation.saveDecisions(organisationId, decisions)
    for (const decision of decisions)
      expect(await evaluation.findDecision(organisationId, decision.id)).toEqual(decision)
    const { outcomes } = await evaluation.knowledge(organisationId, [first, second])
    expect([...outcomes.values()].sort()).toEqual(['blocked', 'retracted'])
  })
  const { rows } = await withClient(home.url, (client) =>
    client.query('SELECT decision_id, award_id FROM occurrence_key WHERE subject_id = $1', [first]),
  )
  expect(rows).toEqual([{ decision_id: decisions[2]?.id, award_id: award }])
})
