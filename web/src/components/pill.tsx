import type { ReactNode } from 'react'
import type { Tone } from './notice.tsx'
import styles from './pill.module.css'

/** A state in a word. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={styles['pill']} data-tone={tone}>
      {children}
    </span>
  )
}
