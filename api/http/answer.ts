import * as z from 'zod'

/** A JSON answer with more to say than its schema. */
export interface JsonResponse<T extends z.ZodType = z.ZodType> {
  readonly schema: T
  readonly description?: string
  /** Default `application/json`. */
  readonly mediaType?: string
  /** Name → what it holds, for the reference. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes that go out exactly as they are stored: signed documents, images. */
export interface BytesResponse {
  readonly bytes: readonly string[]
  readonly description?: string
  /** What the bytes hold, for the reference; they are not checked against it. */
  readonly holds?: z.ZodType
}

/** Bytes that are made while they go out, so that a large answer is never whole in memory. No `Content-Length`. */
export interface StreamResponse {
  readonly stream: readonly string[]
  readonly description?: string
}

/** No body: 204, or a redirect with its `Location`. */
export interface EmptyResponse {
  readonly empty: true
  readonly description?: string
}

export type ResponseSpec = z.ZodType | JsonResponse | BytesResponse | StreamResponse | EmptyResponse
/** By status. */
export type Responses = { readonly [status: number]: ResponseSpec }

/** An empty text takes away a header that every answer has. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>

type AnswerTo<Status, Spec> = Spec extends z.ZodType
  ? { readonly status: Status; readonly body: z.input<Spec>; readonly headers?: AnswerHeaders }
  : Spec extends JsonResponse<infer T>
    ? { readonly status: Status; readonly body: z.input<T>; readonly headers?: AnswerHeaders }
    : Spec extends BytesResponse
      ? {
          readonly status: Status
          readonly bytes: Uint8Array
          readonly mediaType: Spec['bytes'][number]
          readonly headers?: AnswerHeaders
        }
      : Spec extends StreamResponse
        ? {
            readonly status: Status
            readonly chunks: AsyncIterable<Uint8Array>
            readonly mediaType: Spec['stream'][number]
            readonly headers?: AnswerHeaders
          }
        : { readonly status: Status; readonly headers?: AnswerHeaders }

/** What a handler may answer: one of the declared statuses, with the body declared for it. */
export type AnswerOf<R extends Responses> = {
  [Status in keyof R]: AnswerTo<Status, R[Status]>
}[keyof R]

/** An answer with its types worn off. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly bytes?: Uint8Array
  readonly chunks?: AsyncIterable<Uint8Array>
  readonly mediaType?: string
  readonly headers?: AnswerHeaders
}

export const isSchema = (spec: ResponseSpec): spec is z.ZodType => spec instanceof z.ZodType

/** The JSON form of a response, or undefined when it is bytes or nothing. */
export function jsonResponse(spec: ResponseSpec): JsonResponse | undefined {
  if (isSchema(spec)) return { schema: spec }
  return 'schema' in spec ? spec : undefined
}
