import type { ReactNode } from 'react'
import styles from './facts.module.css'

export interface Fact {
  readonly label: string
  /** Nothing: the fact is left out. */
  readonly value: ReactNode
  /** A key, a digest, an address: shown in a face in which no two signs look alike. */
  readonly code?: boolean
  /** Of the value, where it may be another than that of the page. */
  readonly lang?: string | undefined
}

/** Names and values, side by side where there is room. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles['facts']}>
      {facts
        .filter(({ value }) => value !== undefined && value !== null && value !== '')
        .map(({ label, value, code, lang }) => (
          <div key={label} className={styles['fact']}>
            <dt>{label}</dt>
            <dd lang={lang}>{code === true ? <code>{value}</code> : value}</dd>
          </div>
        ))}
    </dl>
  )
}
