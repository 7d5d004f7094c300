import styles from './check-list.module.css'
import { CheckRow } from './check-row.tsx'
import type { WireCheck, WireReport } from './wire-report.ts'

interface CheckListProps {
  /** What the sentences speak of: domain, dates. */
  readonly report: WireReport
  readonly checks: readonly WireCheck[]
  readonly domain?: string | undefined
}

export function CheckList({ report, checks, domain }: CheckListProps) {
  return (
    <ul className={styles['list']}>
      {checks.map((check, at) => (
        <CheckRow key={at} check={check} report={report} domain={domain} />
      ))}
    </ul>
  )
}
