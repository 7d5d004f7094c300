import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Award, AwardState } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { AwardActions } from './award-actions.tsx'
import { AwardEditions } from './award-editions.tsx'
import { AwardReasons } from './award-reasons.tsx'
import { readOccurrence } from './read-occurrence.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { StateFilter } from './state-filter.tsx'
import { useRecords } from './use-records.ts'

const STATES = [
  'granted',
  'awaiting_approval',
  'due',
  'awaiting_endorsement',
  'issued',
  'revoked',
  'expired',
  'superseded',
  'refused',
] as const

const TONES: { readonly [State in AwardState]: Tone } = {
  granted: 'quiet',
  awaiting_approval: 'doubt',
  due: 'quiet',
  awaiting_endorsement: 'doubt',
  issued: 'good',
  revoked: 'bad',
  expired: 'quiet',
  superseded: 'quiet',
  refused: 'bad',
}

export function AwardsSection() {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const [state, setState] = useState<AwardState>()
  const wordsOf = (occurrence: string | null) => {
    if (occurrence === null) return undefined
    const { kind, ...values } = readOccurrence(occurrence)
    return t(`console:awards.occurrences.${kind}`, values)
  }
  const awards = useRecords<Award>('awards', { state })
  const momentOf = (time: string | null) => (time === null ? undefined : moment(time))
  return (
    <Stack gap="lg">
      <StateFilter
        label={t('console:state')}
        states={STATES}
        name={(each) => t(`console:awards.states.${each}`)}
        value={state}
        onChange={setState}
      />
      <RecordList records={awards}>
        {(award) => (
          <Record
            key={award.id}
            title={award.achievementName}
            state={
              award.suspendedAt === null || award.state !== 'issued'
                ? { tone: TONES[award.state], label: t(`console:awards.states.${award.state}`) }
                : { tone: 'bad', label: t('console:awards.suspendedState') }
            }
            facts={[
              { label: t('console:awards.subject'), value: award.subjectId, code: true },
              { label: t('console:awards.origin'), value: t(`console:awards.origins.${award.origin}`) },
              { label: t('console:awards.occurrence'), value: wordsOf(award.occurrence) },
              { label: t('console:awards.awarded'), value: moment(award.awardedAt) },
              { label: t('console:awards.issued'), value: momentOf(award.issuedAt) },
              { label: t('console:awards.ended'), value: momentOf(award.endedAt) },
              { label: t('console:awards.validUntil'), value: momentOf(award.validUntil) },
              { label: t('console:awards.edition'), value: award.edition },
              {
                label: t('console:awards.nextEdition'),
                value: award.nextEdition === null ? undefined : t('console:awards.unsigned'),
              },
              { label: t('console:awards.renews'), value: award.renews, code: true },
              { label: t('console:awards.renewedBy'), value: award.renewedBy, code: true },
              { label: t('console:awards.reason'), value: award.reason },
              {
                label: t('console:awards.claim'),
                value: award.claim === null ? undefined : t(`console:awards.claims.${award.claim}`),
              },
              {
                label: t('console:awards.anchor'),
                value: award.anchor === null ? undefined : t(`credentials:anchors.${award.anchor}`),
              },
            ]}
            actions={<AwardActions award={award} />}
          >
            {award.decisionId !== null && (
              <AwardReasons
                decisionId={award.decisionId}
                on={`${award.achievementName}, ${award.subjectId}`}
              />
            )}
            {award.edition !== null && (
              <AwardEditions awardId={award.id} on={`${award.achievementName}, ${award.subjectId}`} />
            )}
          </Record>
        )}
      </RecordList>
    </Stack>
  )
}
