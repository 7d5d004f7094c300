import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { shortName } from '#engine/verification/short-name.ts'
import { decidingChecks, verdictSentence } from '#engine/verification/verdict-sentence.ts'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { VerdictFrame } from './verdict-frame.tsx'
import type { VerdictPlace } from './verdict-place.ts'
import type { WireReport } from './wire-report.ts'

interface VerdictBannerProps {
  readonly report: WireReport
  readonly place: VerdictPlace
}

/** The verdict under the domain: whose key signed is what counts, not a name. */
export function VerdictBanner({ report, place }: VerdictBannerProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const headline = headlineOf(report)
  usePageTitle(
    place === 'page'
      ? `${t(`verify:verdicts.${report.verdict}`)}: ${headline ?? t('verify:unreadable')}`
      : undefined,
  )
  const issuer = report.credential?.issuer
  return (
    <VerdictFrame
      verdict={report.verdict}
      place={place}
      eyebrow={t(`verify:eyebrow.${eyebrowOf(report)}`)}
      headline={headline ?? t(report.credential === undefined ? 'verify:unreadable' : 'verify:noDomain')}
    >
      {issuer !== undefined && issuer.domain === undefined && (
        <Text size="sm">{t('verify:didOnly', { id: issuer.id })}</Text>
      )}
      <Text mt={6}>
        {t(`verify:verdictTexts.${verdictSentence(report)}`, {
          domain: shortName(issuer ?? {}),
          time: moment(report.checkedAt),
          checks: decidingChecks(report)
            .map(({ name }) => t(`verify:names.${name}`))
            .join(', '),
        })}
      </Text>
    </VerdictFrame>
  )
}

const headlineOf = ({ credential }: WireReport): string | undefined => credential?.issuer?.domain

function eyebrowOf({ credential, checks }: WireReport) {
  if (credential?.issuer === undefined) return 'unread'
  const isProved = checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')
  if (credential.issuer.domain === undefined) return isProved ? 'key' : 'keyClaimed'
  if (!isProved) return 'claimed'
  if (checks.some(({ code }) => code === 'hosted-by-issuer')) return 'hosted'
  return credential.issuer.recordedAs === undefined ? 'proved' : 'recorded'
}
