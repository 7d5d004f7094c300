/** The values of `imsx_codeMinorFieldValue` that the Open Badges API 3.0 knows. */
export type CodeMinor =
  | 'forbidden'
  | 'fullsuccess'
  | 'internal_server_error'
  | 'invalid_data'
  | 'invalid_query_parameter'
  | 'misdirected_request'
  | 'not_acceptable'
  | 'not_allowed'
  | 'not_found'
  | 'not_modified'
  | 'server_busy'
  | 'unauthorizedrequest'
  | 'unknown'

/** How every refusal of the Open Badges API is answered. */
export interface StatusInfo {
  readonly imsx_codeMajor: 'failure' | 'unsupported'
  readonly imsx_severity: 'error'
  readonly imsx_description: string
  readonly imsx_CodeMinor: {
    readonly imsx_codeMinorField: readonly [
      { readonly imsx_codeMinorFieldName: string; readonly imsx_codeMinorFieldValue: CodeMinor },
    ]
  }
}

/** Words a refusal. `by` is what refused: `TargetEndSystem`, or the parameter that is wrong. */
export const statusInfo = (status: number, description: string, by = 'TargetEndSystem'): StatusInfo => ({
  imsx_codeMajor: status === 404 || status === 405 ? 'unsupported' : 'failure',
  imsx_severity: 'error',
  imsx_description: description,
  imsx_CodeMinor: {
    imsx_codeMinorField: [{ imsx_codeMinorFieldName: by, imsx_codeMinorFieldValue: codeMinor(status, by) }],
  },
})

function codeMinor(status: number, by: string): CodeMinor {
  if (status === 400 && QUERY.has(by)) return 'invalid_query_parameter'
  return MINORS[status] ?? (status >= 500 ? 'internal_server_error' : 'invalid_data')
}

const QUERY: ReadonlySet<string> = new Set(['limit', 'offset', 'since'])

const MINORS: Readonly<Record<number, CodeMinor>> = {
  401: 'unauthorizedrequest',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_allowed',
  406: 'not_acceptable',
  429: 'server_busy',
  503: 'server_busy',
}
