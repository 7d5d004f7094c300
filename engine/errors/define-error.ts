/** A promise that we could not keep, with a code that callers can rely on. Becomes an RFC 9457 problem at the door. */
export class WaarmerkError extends Error {
  readonly code: string
  readonly status: number
  /** Whether the same call may succeed later without being changed. */
  readonly retry: boolean
  readonly parameters: Readonly<Record<string, unknown>>

  constructor(
    definition: ErrorDefinition,
    parameters: Record<string, unknown>,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'WaarmerkError'
    this.code = definition.code
    this.status = definition.status
    this.retry = definition.retry
    this.parameters = parameters
  }
}

export interface ErrorDefinition {
  readonly code: string
  readonly status: number
  readonly retry: boolean
  /** One line for the reference: when it happens and what to do about it. */
  readonly advice: string
}

/** Makes the error; the parameters travel with it into the problem document, so they hold nothing secret. */
export type ErrorFactory<P extends object> = ErrorDefinition &
  ((parameters: P, cause?: unknown) => WaarmerkError)

/**
 * Defines one error of the catalogue.
 * `sentence` tells the reader what is wrong and what to do, with the parameters filled in.
 */
export function defineError<P extends object = Record<never, never>>(
  code: string,
  status: number,
  retry: boolean,
  advice: string,
  sentence: (parameters: P) => string,
): ErrorFactory<P> {
  const definition: ErrorDefinition = { code, status, retry, advice }
  const make = (parameters: P, cause?: unknown) =>
    new WaarmerkError(definition, { ...parameters } as Record<string, unknown>, sentence(parameters), cause)
  return Object.assign(make, definition)
}
