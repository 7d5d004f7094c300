import { Text, Title } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { decidingChecks, verdictSentence } from '#engine/verification/verdict-sentence.ts'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import styles from './verdict-banner.module.css'
import type { WireReport } from './wire-report.ts'

const ICONS = { valid: IconCircleCheck, invalid: IconCircleX, undecided: IconHelpCircle }

/** The verdict in icon, word, colour and sentence, under the domain: whose key signed is what counts, not a name. */
export function VerdictBanner({ report, isPage }: { readonly report: WireReport; readonly isPage: boolean }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const verdict = t(`verify:verdicts.${report.verdict}`)
  const headline = headlineOf(report)
  usePageTitle(isPage ? `${verdict}: ${headline ?? t('verify:unreadable')}` : undefined)
  const issuer = report.credential?.issuer
  const Icon = ICONS[report.verdict]
  return (
    <section className={styles['banner']} data-verdict={report.verdict} aria-labelledby="verdict">
      <Icon size={56} stroke={1.6} aria-hidden className={styles['icon'] ?? ''} />
      <div className={styles['words']}>
        <p className={styles['verdict']} role="status">
          {verdict}
        </p>
        <Text size="sm">{t(`verify:eyebrow.${eyebrowOf(report)}`)}</Text>
        <Title
          ref={heading}
          id="verdict"
          order={isPage ? 1 : 2}
          size={isPage ? 'h1' : 'h2'}
          tabIndex={-1}
          className={styles['domain'] ?? ''}
        >
          {headline ?? t(report.credential === undefined ? 'verify:unreadable' : 'verify:noDomain')}
        </Title>
        {issuer !== undefined && issuer.domain === undefined && (
          <Text size="sm">{t('verify:didOnly', { id: issuer.id })}</Text>
        )}
        <Text mt={6}>
          {t(`verify:verdictTexts.${verdictSentence(report)}`, {
            domain: headline ?? issuer?.id ?? '',
            time: moment(report.checkedAt),
            checks: decidingChecks(report)
              .map(({ name }) => t(`verify:names.${name}`))
              .join(', '),
          })}
        </Text>
      </div>
    </section>
  )
}

const headlineOf = ({ credential }: WireReport): string | undefined => credential?.issuer?.domain

function eyebrowOf({ credential, checks }: WireReport): 'proved' | 'recorded' | 'claimed' | 'unread' {
  if (credential?.issuer?.domain === undefined) return 'unread'
  if (!checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')) return 'claimed'
  return credential.issuer.recordedAs === undefined ? 'proved' : 'recorded'
}
