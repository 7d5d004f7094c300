import styles from './check-list.module.css'
import { CheckRow } from './check-row.tsx'
import type { WireAnyReport, WireCheck } from './wire-report.ts'

interface CheckListProps {
  /** What the sentences speak of: domain, dates. */
  readonly about: WireAnyReport
  readonly checks: readonly WireCheck[]
  readonly domain?: string | undefined
  /** Says of each check which step it was. */
  readonly isNumbered?: boolean
}

/** The checks in the order in which they were made. */
export function CheckList({ about, checks, domain, isNumbered = false }: CheckListProps) {
  return (
    // Said once more, as a list without marks is none to some screen readers.
    // biome-ignore lint/a11y/noRedundantRoles: a list without marks is none to some screen readers
    <ol className={styles['list']} role="list">
      {checks.map((check, at) => (
        <CheckRow
          key={at}
          check={check}
          about={about}
          domain={domain}
          step={isNumbered ? at + 1 : undefined}
        />
      ))}
    </ol>
  )
}
