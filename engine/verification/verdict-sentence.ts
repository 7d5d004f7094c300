import type { Verdict } from './verification-report.ts'

/** As much of a report as its headline needs, in the engine or over the wire. */
export interface Judged {
  readonly verdict: Verdict
  readonly checks: readonly {
    readonly name: string
    readonly outcome: string
    readonly code: string
    readonly informs?: true | undefined
  }[]
  readonly credential?:
    | {
        readonly issuer?:
          | { readonly recordedAs?: string | undefined; readonly domain?: string | undefined }
          | undefined
      }
    | undefined
}

/** The key of the sentence below a verdict. "Not revoked" is said only where a status list was read. */
export function verdictSentence({ verdict, checks, credential }: Judged) {
  if (verdict !== 'valid') return verdict
  if (credential?.issuer?.recordedAs !== undefined) return 'validByChain'
  // Nobody signed it, so no sentence may say so.
  if (checks.some(({ code }) => code === 'hosted-by-issuer')) return 'validHosted'
  const isLookedUp = checks.some(({ name, outcome }) => name === 'status' && outcome === 'passed')
  if (credential?.issuer?.domain === undefined) return isLookedUp ? 'validByKey' : 'validByKeyNoStatus'
  return isLookedUp ? 'valid' : 'validNoStatus'
}

/** The checks that made a verdict what it is, where it is not good. */
export const decidingChecks = <T extends Judged>({ verdict, checks }: T): readonly T['checks'][number][] =>
  checks.filter(
    ({ outcome, informs }) => outcome === (verdict === 'invalid' ? 'failed' : 'unknown') && informs !== true,
  )
