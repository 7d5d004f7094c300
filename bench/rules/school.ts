import type pg from 'pg'
import { sha256 } from '#adapters/crypto/hashes.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { IncomingEvent } from '#services/events/ingest-events.ts'
import type { Database } from '#services/ports/database.ts'
import { createOrganisation } from '../bench-database.ts'
import type { BenchRule } from './bench-rule.ts'
import { activeBenchRules } from './compile-bench-rules.ts'
import type { BenchEvent } from './history.ts'

const random = createSystemRandom()

/** An organisation with an issuer, an achievement a rule, and these rules in force. */
export async function createSchool(
  database: Database,
  client: pg.Client,
  slug: string,
  rules: readonly BenchRule[],
): Promise<{ readonly id: OrganisationId; readonly issuerId: string }> {
  const id = await createOrganisation(database, slug)
  const issuerId = random.rowId()
  await client.query("INSERT INTO taken_slug (slug, kind) VALUES ($1, 'issuer')", [`${slug}-issuer`])
  await client.query(
    `INSERT INTO issuer (organisation_id, id, unit_id, slug, origin, did, name, url, state)
     SELECT $1, $2, id, $3, 'https://badges.example.org', 'did:web:badges.example.org:issuers:' || $3, 'Benchmark',
            'https://badges.example.org', 'verified' FROM unit WHERE organisation_id = $1`,
    [id, issuerId, `${slug}-issuer`],
  )
  for (const { document } of activeBenchRules(rules)) {
    const name = document.achievement.slug
    const [achievement, version, rule] = [random.rowId(), random.rowId(), random.rowId()]
    const resolved = Buffer.from(utf8(canonicalJson(document as unknown as Json)))
    const digest = Buffer.from(sha256(resolved))
    await client.query(
      'INSERT INTO achievement (organisation_id, id, issuer_id, slug) VALUES ($1, $2, $3, $4)',
      [id, achievement, issuerId, name],
    )
    await client.query(
      `INSERT INTO achievement_version (organisation_id, id, achievement_id, version, state, definition, document, digest, published_at)
       VALUES ($1, $2, $3, 1, 'published', '{}', $4, $5, now())`,
      [id, version, achievement, Buffer.from('{}'), digest],
    )
    await client.query(
      'INSERT INTO rule (organisation_id, id, achievement_id, name) VALUES ($1, $2, $3, $4)',
      [id, rule, achievement, name],
    )
    await client.query(
      `INSERT INTO rule_version (organisation_id, id, rule_id, version, state, source, resolved, digest, achievement_version_id, author, activated_at)
       VALUES ($1, $2, $3, 1, 'active', $4, $4, $5, $6, 'operator', now())`,
      [id, random.rowId(), rule, resolved, digest, version],
    )
  }
  return { id, issuerId }
}

/** The event as the organisation's learning platform sends it. */
export function incomingOf(event: BenchEvent): IncomingEvent {
  const document = {
    specversion: '1.0',
    id: event.sourceId,
    source: event.source,
    type: `org.example.lms.${event.type}`,
    time: formatInstant(event.time),
    subject: `mailto:${event.subjectId}@example.org`,
    datacontenttype: 'application/json',
    data: { activity: event.activity, activityType: event.activityType, score: event.score },
  }
  const parsed = parseCloudEvent(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return { event: parsed.event, document, mediaType: 'application/cloudevents+json' }
}
