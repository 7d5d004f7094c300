/** Every code that an event can be refused with, and what to do about it. */
export const EVENT_FAULTS = {
  'event-shape': 'A member has the wrong JSON type or a value that is not allowed there.',
  'event-member-missing': 'A member that must be there is missing.',
  'event-member-unknown':
    'A statement has a member that xAPI does not define; put what is your own into extensions of "context" or "result".',
  'event-spec-version': 'CloudEvents 1.0 ("specversion": "1.0") and xAPI 1.0 and 2.0 are read.',
  'event-attribute-name': 'CloudEvents attribute names are lower-case letters and digits.',
  'event-time-missing': 'The event does not say when it happened; rules go by event time.',
  'event-time-invalid': 'The time is no RFC 3339 date-time with a zone.',
  'event-time-future': 'The event says that it happened in the future; set the clock of the source right.',
  'event-person-missing':
    'The event does not name a person: give "subject", "data.actor" or an identified agent.',
  'event-person-invalid': 'The person cannot be identified by what was given.',
  'event-person-ambiguous': 'An agent has exactly one of mbox, mbox_sha1sum, openid and account.',
  'event-group': 'A group did it; send one event for each person.',
  'event-score-invalid': 'The score is no number that lies in its range.',
  'event-duration-invalid': 'The duration is no ISO 8601 duration.',
  'event-binary-data': 'data_base64 is not read: send JSON in "data".',
  'event-void-target':
    'An event of type "voided" names the one that it takes back: "data.voids" of a CloudEvent, a StatementRef of xAPI.',
  'event-reserved':
    'Types that begin with "waarmerk." and the source "urn:waarmerk:facts" are for facts, which have an API of their own (docs/facts.md).',
  'event-too-large': 'The event is nested too deeply or has too many values.',
} as const satisfies Readonly<Record<string, string>>

export type EventFaultCode = keyof typeof EVENT_FAULTS

export interface EventFault {
  readonly code: EventFaultCode
  /** JSON pointer into what was sent (RFC 6901). */
  readonly path: string
  readonly message: string
}
