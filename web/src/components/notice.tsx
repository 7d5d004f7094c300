import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './notice.module.css'

export type Tone = 'good' | 'bad' | 'doubt' | 'quiet'

const ICONS = { good: IconCircleCheck, bad: IconCircleX, doubt: IconAlertTriangle, quiet: IconInfoCircle }

interface NoticeProps {
  readonly tone: Tone
  readonly title?: string
  /** `alert` is read aloud at once, `status` when there is a pause. */
  readonly role?: 'alert' | 'status' | 'note'
  readonly children?: ReactNode
}

/** A coloured box with an icon and words: the colour alone never says anything. */
export function Notice({ tone, title, role = 'note', children }: NoticeProps) {
  const Icon = ICONS[tone]
  return (
    <div className={styles['notice']} data-tone={tone} role={role}>
      <Icon size={22} aria-hidden className={styles['icon'] ?? ''} />
      <div className={styles['words']}>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  )
}
