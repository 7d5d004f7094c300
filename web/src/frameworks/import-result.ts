import type { Job } from '#web/api/wire.ts'

export interface ImportResult {
  readonly framework: string
  readonly edition: string
  readonly imported: number
  readonly refused: number
  readonly faults: readonly { readonly row: number; readonly code: string }[]
  readonly dropped?: number
  readonly kept?: number
  /** Of a file that could be read no further. */
  readonly row?: number
  readonly reason?: string
}

/** What a job of kind `framework_import` has found, as docs/achievements.md says it. */
export const readImportResult = ({ result }: Job): ImportResult => ({
  framework: '',
  edition: '',
  imported: 0,
  refused: 0,
  faults: [],
  ...(result as Partial<ImportResult> | null),
})
