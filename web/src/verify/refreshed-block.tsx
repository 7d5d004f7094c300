import { Anchor, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { decidingChecks } from '#engine/verification/verdict-sentence.ts'
import { Facts } from '#web/components/facts.tsx'
import { Notice } from '#web/components/notice.tsx'
import type { WireReport } from './wire-report.ts'

/** That the report is of a newer text than the one that was brought, where that one is, and how both came out. */
export function RefreshedBlock({ report }: { readonly report: WireReport }) {
  const { t } = useTranslation()
  const { refreshed, verdict } = report
  if (refreshed === undefined) return null
  const word = (each: WireReport['verdict']) => t(`verify:verdicts.${each}`)
  const why = decidingChecks(refreshed)
    .map(({ name }) => t(`verify:names.${name}`))
    .join(', ')
  return (
    <Notice tone="doubt" title={t('verify:refreshed.title')}>
      <Stack gap="sm">
        <Text>{t('verify:refreshed.text')}</Text>
        <Facts
          facts={[
            {
              label: t('verify:refreshed.link'),
              value: (
                <Anchor href={refreshed.at} rel="noreferrer noopener" style={{ overflowWrap: 'anywhere' }}>
                  {refreshed.at}
                </Anchor>
              ),
            },
            { label: t('verify:refreshed.newer'), value: word(verdict) },
            {
              label: t('verify:refreshed.brought'),
              value:
                refreshed.verdict === 'valid' || why === ''
                  ? word(refreshed.verdict)
                  : `${word(refreshed.verdict)} (${why})`,
            },
            { label: t('verify:refreshed.digest'), value: refreshed.from, code: true },
          ]}
        />
      </Stack>
    </Notice>
  )
}
