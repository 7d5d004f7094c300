import type { Client } from 'pg'
import { expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { WEBHOOK_EVENT_NAMES } from '#engine/webhooks/webhook-event-types.ts'
import { createTestDatabase } from './test-database.ts'

/** A state that is told under this type, or a reason why nobody is told. */
type Told = string | { readonly untold: string }

const untold = (reason: string) => ({ untold: reason })
const INSIDE = untold('a step within the product, which ends in one that is told')
const WEBHOOKS = untold('a message about messages would never end')
const CHANGE = untold('a list of awards; each of them is told as it changes, and the job as job.finished')
const MAIL = untold('mail is ours: GET /v1/mail tells its state, and what it is about is told itself')
const QUESTION = untold(
  'between an earner and the awarder, who are told as people; what comes of it is told as credential.claimed',
)

const EARNERS_OWN = untold(
  'of an account, which belongs to no organisation: its owner sees it in the backpack',
)

/** Every column of states, and what is told of each. Whoever adds a state says here what becomes of it. */
const STATES: Readonly<Record<string, Readonly<Record<string, Told>>>> = {
  'achievement_version.state': {
    draft: untold('nobody but its authors has to do with it'),
    in_review: 'achievement.in_review',
    approved: 'achievement.approved',
    published: 'achievement.published',
    retired: 'achievement.retired',
    withdrawn: 'achievement.withdrawn',
  },
  'award.state': {
    granted: 'award.granted',
    awaiting_approval: 'award.awaiting_approval',
    due: 'award.approved',
    awaiting_endorsement: 'award.awaiting_endorsement',
    issued: 'award.issued',
    revoked: 'award.revoked',
    expired: 'award.expired',
    superseded: 'award.superseded',
    refused: 'award.refused',
  },
  'award_change.state': { prepared: CHANGE, confirmed: CHANGE, withdrawn: CHANGE },
  'batch.state': { sealed: INSIDE, signed: INSIDE, sent: INSIDE, mined: INSIDE, final: 'batch.anchored' },
  'chain_task.state': {
    queued: INSIDE,
    signed: INSIDE,
    sent: INSIDE,
    mined: INSIDE,
    final: INSIDE,
    failed: untold('for the operator, who sees it in the log'),
  },
  'claim.state': {
    open: untold('it is opened as its award is issued, which is told'),
    claimed: 'credential.claimed',
    rejected: 'credential.rejected',
    expired: 'credential.claim_expired',
  },
  'claim_confirmation.state': {
    asked: QUESTION,
    confirmed: QUESTION,
    refused: QUESTION,
    withdrawn: QUESTION,
    expired: QUESTION,
  },
  'credential_edition.state': { prepared: INSIDE, signed: INSIDE },
  'direct_award.state': {
    scheduled: 'direct_award.scheduled',
    unaccepted: 'direct_award.sent',
    claimed: 'direct_award.claimed',
    rejected: 'direct_award.rejected',
    revoked: 'direct_award.revoked',
    expired: 'direct_award.expired',
    deleted: 'direct_award.deleted',
  },
  'direct_award_bundle.state': {
    running: untold('whoever starts it is answered so at once'),
    done: 'direct_award_bundle.finished',
  },
  'direct_award_bundle_row.state': { waiting: INSIDE, awarded: INSIDE, refused: INSIDE },
  'endorsement.state': {
    requested: 'endorsement.requested',
    viewed: untold('that somebody has looked is theirs'),
    signed: 'endorsement.signed',
    published: 'endorsement.published',
    rejected: 'endorsement.rejected',
    expired: 'endorsement.expired',
    withdrawn: 'endorsement.withdrawn',
    revoked: 'endorsement.revoked',
    stale: 'endorsement.stale',
  },
  'event.state': {
    received: INSIDE,
    evaluated: INSIDE,
    unmatched: untold('whoever sent it asks the API; a busy source would drown its receiver'),
    quarantined: untold('whoever sent it is answered so at once'),
  },
  'expert_review.state': {
    requested: 'expert_review.requested',
    viewed: 'expert_review.viewed',
    answered: 'expert_review.answered',
    declined: 'expert_review.declined',
    expired: 'expert_review.expired',
    withdrawn: 'expert_review.withdrawn',
  },
  'host_connection.state': {
    asked: EARNERS_OWN,
    connected: EARNERS_OWN,
    lost: EARNERS_OWN,
    ended: EARNERS_OWN,
  },
  'host_fetch.state': {
    queued: EARNERS_OWN,
    running: EARNERS_OWN,
    done: EARNERS_OWN,
    failed: EARNERS_OWN,
    cancelled: EARNERS_OWN,
  },
  'invitation.state': {
    open: 'invitation.sent',
    accepted: 'invitation.accepted',
    declined: 'invitation.declined',
    withdrawn: 'invitation.withdrawn',
    expired: 'invitation.expired',
  },
  'issuer.state': { pending: 'issuer.created', verified: 'issuer.verified', closed: 'issuer.closed' },
  'issuer_key.state': {
    active: 'issuer.key_created',
    retired: 'issuer.key_retired',
    compromised: 'issuer.key_compromised',
  },
  'job.state': {
    queued: untold('whoever starts it is answered so at once'),
    running: INSIDE,
    done: 'job.finished',
    failed: 'job.finished',
    cancelled: 'job.finished',
  },
  'mail.state': { waiting: MAIL, sent: MAIL, held: MAIL, failed: MAIL },
  'rule_version.state': {
    draft: 'rule.shadow_ended',
    shadow: 'rule.shadow_started',
    active: 'rule.activated',
    paused: 'rule.paused',
    retired: 'rule.retired',
  },
  'wallet_offer.state': {
    offered: EARNERS_OWN,
    opened: EARNERS_OWN,
    taken: EARNERS_OWN,
    withdrawn: EARNERS_OWN,
  },
  'webhook_delivery.state': { waiting: WEBHOOKS, delivered: WEBHOOKS, failed: WEBHOOKS, skipped: WEBHOOKS },
  'webhook_endpoint.state': { enabled: WEBHOOKS, disabled: WEBHOOKS, deleted: WEBHOOKS },
}

/** Every column that a check holds to some words and that is called a state, with these words. */
async function statesIn(client: Client): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await client.query(`
    SELECT DISTINCT relname || '.' || attname AS name, pg_get_constraintdef(pg_constraint.oid) AS definition
    FROM pg_constraint
    JOIN pg_class ON pg_class.oid = conrelid AND NOT relispartition
    JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
    WHERE contype = 'c' AND cardinality(conkey) = 1 AND attname = 'state'`)
  return Object.fromEntries(
    rows.map(({ name, definition }) => [
      name,
      [...String(definition).matchAll(/'([a-z_]+)'::text/g)].map(([, word = '']) => word).sort(),
    ]),
  )
}

const each = Object.values(STATES).flatMap((states) => Object.values(states))

test('every state that a row can have is told under a type of the catalogue, or there is a reason why not', async () => {
  const database = await createTestDatabase()
  try {
    const found = await withClient(database.url, statesIn)
    const listed = Object.fromEntries(
      Object.entries(STATES).map(([name, states]) => [name, Object.keys(states).sort()]),
    )
    expect(found).toEqual(listed)
  } finally {
    await database.drop()
  }
  for (const told of each) {
    if (typeof told === 'string') expect(WEBHOOK_EVENT_NAMES).toContain(told)
    else expect(told.untold.length).toBeGreaterThan(10)
  }
})

test('every type has a trigger that writes it', async () => {
  const database = await createTestDatabase()
  try {
    const { rows } = await withClient(database.url, (client) =>
      client.query(`
        SELECT prosrc FROM pg_proc
        JOIN pg_trigger ON tgfoid = pg_proc.oid AND NOT tgisinternal
        WHERE proname LIKE 'webhook%'`),
    )
    const source = rows.map(({ prosrc }) => String(prosrc)).join('\n')
    for (const type of WEBHOOK_EVENT_NAMES) {
      const [family = '', what = ''] = type.split('.')
      // Written whole, or put together from the family and the state that the row moves to.
      const isWhole = source.includes(`'${type}'`)
      const isMade = new RegExp(`'${family}\\.(?:key_)?' \\|\\| (?:NEW\\.state|told|CASE NEW\\.state)`).test(
        source,
      )
      expect([type, isWhole || isMade]).toEqual([type, true])
      expect(what).not.toBe('')
    }
  } finally {
    await database.drop()
  }
})
