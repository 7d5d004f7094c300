import { STATUS_CODES } from 'node:http'
import * as z from 'zod'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Log } from '#services/ports/log.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

export const RequestFaultSchema = z
  .strictObject({
    in: z.enum(['path', 'query', 'header', 'body']),
    pointer: z.string().meta({ description: 'JSON Pointer (RFC 6901) into that part of the request' }),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'RequestFault' })

/** RFC 9457 problem details, as every refusal is answered. */
export const ProblemSchema = z
  .strictObject({
    type: z.url().meta({ description: 'ORIGIN/problems/CODE: what it means and what to do' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; see docs/errors.md' }),
    retry: z.boolean().meta({ description: 'Whether the same call may succeed later without being changed' }),
    instance: z.string().meta({ description: 'urn:uuid of the request; finds it in the log' }),
    parameters: z.record(z.string(), z.unknown()),
    errors: z.array(RequestFaultSchema).optional(),
    problemDetails: z
      .array(z.strictObject({ type: z.string(), title: z.string(), detail: z.string(), code: z.string() }))
      .optional()
      .meta({ description: 'Under /vc: the same once more, where clients of VC-API look for it' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

/** Paths whose clients know the errors of VC-API. */
const VC_API = '/vc/'

export type Problem = z.output<typeof ProblemSchema>

/** Words an error as a problem. What is not ours says nothing but its instance. */
export function problemOf(error: WaarmerkError, publicUrl: string, requestId: string): Problem {
  const { errors: faults, ...parameters } = error.parameters as { errors?: Problem['errors'] }
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    retry: error.retry,
    instance: `urn:uuid:${requestId}`,
    parameters,
    ...(faults === undefined ? {} : { errors: faults }),
  }
}

/** The same for a path: under `/vc` with the list that clients of VC-API read. */
export const problemAt = (path: string, problem: Problem): Problem =>
  path.startsWith(VC_API) ? { ...problem, problemDetails: [pick(problem)] } : problem

const pick = ({ type, title, detail, code }: Problem) => ({ type, title, detail, code })

/** Turns whatever was thrown into one of our errors. What is none of ours is `internal`, and is logged whole. */
export function knownError(thrown: unknown, log: Log, requestId: string): WaarmerkError {
  if (thrown instanceof WaarmerkError) {
    if (thrown.status >= 500) log.error('http.failed', { requestId, code: thrown.code, error: thrown })
    return thrown
  }
  log.error('http.broke', { requestId, error: thrown })
  return errors.internal({}, thrown)
}
