import type { ReactNode } from 'react'
import styles from './disclosure.module.css'

/** Something that opens: the browser's own, so that it works with every keyboard and reader. */
export function Disclosure({
  summary,
  children,
}: {
  readonly summary: ReactNode
  readonly children: ReactNode
}) {
  return (
    <details className={styles['disclosure']}>
      <summary>{summary}</summary>
      <div className={styles['content']}>{children}</div>
    </details>
  )
}
