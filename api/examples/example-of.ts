import recorded from './recorded.json' with { type: 'json' }

interface Example {
  readonly request?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

/** What was really sent to an operation, and what it answered, as far as it was recorded (`npm run examples`). */
export const exampleOf = (operationId: string): Example | undefined =>
  (recorded as Readonly<Record<string, Example>>)[operationId]
