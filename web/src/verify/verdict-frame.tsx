import { Text, Title } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './verdict-banner.module.css'
import type { VerdictPlace } from './verdict-place.ts'
import type { WireReport } from './wire-report.ts'

const ICONS = { valid: IconCircleCheck, invalid: IconCircleX, undecided: IconHelpCircle }

interface VerdictFrameProps {
  readonly verdict: WireReport['verdict']
  readonly place: VerdictPlace
  readonly eyebrow: string
  readonly headline: string
  readonly children: ReactNode
}

/** A verdict in icon, word, colour and sentence. Where it is the answer that the reader waited for, it takes the focus. */
export function VerdictFrame({ verdict, place, eyebrow, headline, children }: VerdictFrameProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const ownId = useId()
  const isPart = place === 'part'
  useEffect(() => {
    if (!isPart) heading.current?.focus()
  }, [isPart])
  const id = isPart ? ownId : 'verdict'
  const Icon = ICONS[verdict]
  return (
    <section className={styles['banner']} data-verdict={verdict} aria-labelledby={id}>
      <Icon size={isPart ? 40 : 56} stroke={1.6} aria-hidden className={styles['icon'] ?? ''} />
      <div className={styles['words']}>
        <p className={styles['verdict']} {...(isPart ? {} : { role: 'status' })}>
          {t(`verify:verdicts.${verdict}`)}
        </p>
        <Text size="sm">{eyebrow}</Text>
        <Title
          ref={heading}
          id={id}
          order={place === 'page' ? 1 : place === 'inline' ? 2 : 3}
          size={place === 'page' ? 'h1' : 'h2'}
          tabIndex={-1}
          className={styles['domain'] ?? ''}
        >
          {headline}
        </Title>
        {children}
      </div>
    </section>
  )
}
