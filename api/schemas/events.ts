import * as z from 'zod'
import { Hex32, Id, PageQuery, Time, text } from './common.ts'

export const EventState = z.enum(['received', 'evaluated', 'unmatched', 'quarantined'])

/** CloudEvents and xAPI statements are read by the engine: their faults have codes and places of their own. */
export const IncomingEvent = z
  .record(z.string(), z.unknown())
  .meta({ id: 'IncomingEvent', description: 'A CloudEvent 1.0 (JSON) or an xAPI statement.' })
export const IncomingEvents = z.union([IncomingEvent, z.array(IncomingEvent).min(1).max(1000)])

export const IngestedEvent = z
  .strictObject({
    index: z.int().describe('Place in the batch that was sent.'),
    outcome: z.enum(['accepted', 'duplicate', 'quarantined']),
    id: Id.describe('Of a duplicate: the event that came first.'),
    code: z.string().nullable().describe('Why it is quarantined.'),
  })
  .meta({ id: 'IngestedEvent' })
export const IngestReport = z
  .strictObject({
    accepted: z.int(),
    duplicates: z.int(),
    quarantined: z.int(),
    items: z.array(IngestedEvent),
  })
  .meta({ id: 'IngestReport' })

export const EventQuery = PageQuery.extend({
  state: EventState.optional(),
  subjectId: Id.optional(),
  parked: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Those that could not be evaluated and wait for a person.'),
})
export const Event = z
  .strictObject({
    id: Id,
    receivedAt: Time,
    state: EventState,
    quarantineCode: z.string().nullable(),
    subjectId: Id.nullable(),
    source: z.string(),
    sourceId: z.string(),
    type: z.string(),
    time: Time,
    actor: z.strictObject({ type: z.string(), value: z.string() }),
    activity: z.string().nullable(),
    score: z.number().nullable(),
    parked: z.boolean(),
    failure: z
      .strictObject({
        code: z.string(),
        attempts: z.int(),
        parkedAt: Time.nullable(),
        nextAttemptAt: Time.nullable(),
      })
      .nullable()
      .describe('Of an event that could not be evaluated so far.'),
  })
  .meta({ id: 'Event' })

/** Whom it concerns beside its actor, for rules that award those whom events name. */
export const EventWithRecipients = Event.extend({
  recipients: z
    .array(z.strictObject({ subjectId: Id, path: z.string() }))
    .describe('People whom it names by the path of a rule that it met, or missed by one condition.'),
  leftOut: z
    .array(
      z.strictObject({
        path: z.string(),
        reason: z
          .enum(['unreadable', 'too-many', 'not-known'])
          .describe(
            'No text that names a person; behind the first 200; or nobody knows them, and the source may not make them known.',
          ),
        count: z.int(),
        examples: z.array(z.string()).describe('The first few entries, shortened.'),
      }),
    )
    .describe('Where the rules that are in force now look for people in it, what leads to nobody.'),
}).meta({ id: 'EventWithRecipients' })

export const ReceivedEvent = z
  .strictObject({
    id: Id,
    subjectId: Id.describe('Whose history it is.'),
    recipients: z
      .array(z.string())
      .describe('How it is theirs: `event.actor`, and the paths of rules by which it names them.'),
    receivedAt: Time,
    evaluatedAt: Time.nullable().describe('When rules looked at it first.'),
    source: z.string(),
    sourceId: z.string(),
    time: Time,
    mediaType: z.string(),
    digest: Hex32.describe('SHA-256 of the JCS of the document.'),
    document: z.string().describe('The event as it came, as text.'),
  })
  .meta({ id: 'ReceivedEvent' })

export const NewSource = z.strictObject({
  uri: z.string().min(1).max(500),
  name: text(200),
  createsSubjects: z.boolean().default(true),
})
export const SourceChange = z.strictObject({
  name: text(200).optional(),
  createsSubjects: z.boolean().optional(),
})
export const Source = z
  .strictObject({ id: Id, uri: z.string(), name: z.string(), createsSubjects: z.boolean() })
  .meta({ id: 'Source' })
export const ReplayRequest = z.strictObject({
  createSubject: z.boolean().default(false).describe('Make the unknown person known.'),
})
