import { Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { shortName } from '#engine/verification/short-name.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { CheckList } from './check-list.tsx'
import type { WireEndorsement, WireReport } from './wire-report.ts'

const TONES: Readonly<Record<WireReport['verdict'], Tone>> = {
  valid: 'good',
  invalid: 'bad',
  undecided: 'doubt',
}

/** Each endorsement with its own verdict. Who signed is a domain or a key; the name is what its owner calls itself. */
export function EndorsementReports({ report }: { readonly report: WireReport }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('verify:endorsements.title')}>
      <Stack gap="lg">
        {report.endorsements.map((endorsement, at) => (
          <EndorsementView key={at} endorsement={endorsement} report={report} />
        ))}
      </Stack>
    </Panel>
  )
}

interface EndorsementViewProps {
  readonly endorsement: WireEndorsement
  readonly report: WireReport
}

function EndorsementView({ endorsement, report }: EndorsementViewProps) {
  const { t } = useTranslation()
  const { endorser, verdict, comment, embedded, checks } = endorsement
  const who = endorser?.domain ?? endorser?.id ?? '?'
  return (
    <div>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Text fw={600}>{t('verify:endorsements.by', { who })}</Text>
        <Pill tone={TONES[verdict]}>{t(`verify:endorsements.verdicts.${verdict}`)}</Pill>
      </Group>
      {endorser?.name !== undefined && (
        <Text size="sm" c="dimmed">
          {t('verify:endorsements.selfNamed', { name: endorser.name })}
        </Text>
      )}
      {comment !== undefined && <Text my="xs">“{comment}”</Text>}
      <Text size="sm" c="dimmed">
        {t(embedded ? 'verify:endorsements.embedded' : 'verify:endorsements.beside')}
      </Text>
      <Disclosure summary={t('verify:checks')}>
        <CheckList about={report} checks={checks} domain={shortName(endorser ?? {})} />
      </Disclosure>
    </div>
  )
}
