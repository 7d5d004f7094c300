/** One thing that is wrong with a request, at a JSON Pointer into it. */
export interface RequestFault {
  readonly in?: string
  readonly pointer?: string
  readonly path?: string
  readonly code: string
  readonly message: string
}

interface ProblemDocument {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly retry: boolean
  readonly instance: string
  readonly faults: readonly RequestFault[]
}

/** A refusal of the API (RFC 9457) or, with the code `offline`, no answer at all. Shown by its code. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly retry: boolean
  /** Finds the request in the server's log. Empty when the server did not answer. */
  readonly instance: string
  readonly faults: readonly RequestFault[]

  constructor(problem: ProblemDocument, cause?: unknown) {
    super(problem.detail, { cause })
    this.name = 'ApiProblem'
    this.status = problem.status
    this.code = problem.code
    this.retry = problem.retry
    this.instance = problem.instance
    this.faults = problem.faults
  }
}

/** The server did not answer, or something between it and us did. */
export const unreachable = (cause: unknown): ApiProblem =>
  new ApiProblem(
    {
      status: 0,
      code: 'offline',
      detail: 'The server did not answer.',
      retry: true,
      instance: '',
      faults: [],
    },
    cause,
  )

/** Reads a problem document from an answer that was no success. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined)
  const members = isRecord(body) ? body : {}
  const parameters = isRecord(members['parameters']) ? members['parameters'] : {}
  return new ApiProblem({
    status: response.status,
    code: text(members['code']) ?? 'internal',
    detail: text(members['detail']) ?? `The server answered ${response.status}.`,
    retry: members['retry'] === true || response.status >= 500,
    instance: text(members['instance']) ?? '',
    faults: faultsOf(members['errors'] ?? members['faults'] ?? parameters['faults']),
  })
}

const faultsOf = (value: unknown): readonly RequestFault[] =>
  Array.isArray(value) ? value.filter((each): each is RequestFault => isRecord(each) && 'code' in each) : []

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
