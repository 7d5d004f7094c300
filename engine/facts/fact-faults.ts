/** Every code that a fact can be refused with, and what to do about it. */
export const FACT_FAULTS = {
  'attribute-unknown': 'The organisation has declared no attribute of that name: declare it first.',
  'attribute-type': 'The value is not of the type that the attribute was declared with.',
  'fact-time-future':
    'It says that it is true from a moment on that has not come yet; say it when it is true.',
  'fact-time-invalid': 'The time is no RFC 3339 date-time with a zone.',
  'subject-invalid': 'The person cannot be identified by what was given: use mailto:, eppn:, did: or id:.',
  'subject-unknown':
    'Nobody is known by that identifier, and the source of facts may make nobody known (PATCH /v1/sources/{id}).',
  'row-invalid': 'The row is not of the form that the operation takes.',
} as const satisfies Readonly<Record<string, string>>

export type FactFaultCode = keyof typeof FACT_FAULTS

export interface FactFault {
  readonly code: FactFaultCode
  /** JSON pointer into what was sent (RFC 6901). Of a table: the column, within its row. */
  readonly path: string
  readonly message: string
}
