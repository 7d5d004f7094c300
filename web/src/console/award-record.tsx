import { Button, Checkbox } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Award, AwardState } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { useActivityPeriod } from '#web/components/use-activity-period.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { AwardActions } from './award-actions.tsx'
import { AwardApprovals } from './award-approvals.tsx'
import { AwardCorrection } from './award-correction.tsx'
import { AwardEditions } from './award-editions.tsx'
import { AwardReasons } from './award-reasons.tsx'
import { readOccurrence } from './read-occurrence.ts'
import { Record } from './record.tsx'
import { useMailTrouble } from './use-mail-trouble.ts'

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

/** Those that can still be revoked. */
const REVOCABLE: ReadonlySet<AwardState> = new Set<AwardState>([
  'granted',
  'awaiting_approval',
  'due',
  'awaiting_endorsement',
  'issued',
  'superseded',
])

interface AwardRecordProps {
  readonly award: Award
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

export function AwardRecord({ award, isChosen, onChoose }: AwardRecordProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const mailTrouble = useMailTrouble()
  const activityPeriod = useActivityPeriod()
  const particulars = award.correction?.particulars ?? award.particulars
  const [isCorrecting, correcting] = useDisclosure(false)
  const on = `${award.achievementName}, ${award.subjectId}`
  const wordsOf = (occurrence: string | null) => {
    if (occurrence === null) return undefined
    const { kind, ...values } = readOccurrence(occurrence)
    return t(`console:awards.occurrences.${kind}`, values)
  }
  const momentOf = (time: string | null) => (time === null ? undefined : moment(time))
  const isCorrectable = award.state === 'issued' && award.suspendedAt === null && award.nextEdition === null
  return (
    <Record
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
        { label: t('credentials:parts.activity'), value: activityPeriod(particulars) },
        { label: t('credentials:parts.role'), value: particulars?.role },
        { label: t('credentials:parts.term'), value: particulars?.term },
        { label: t('credentials:parts.creditsEarned'), value: particulars?.creditsEarned },
        { label: t('credentials:parts.licenseNumber'), value: particulars?.licenseNumber },
        { label: t('credentials:parts.source'), value: particulars?.source?.name },
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
        mailTrouble(award.mailTrouble),
        {
          label: t('console:awards.claim'),
          value: award.claim === null ? undefined : t(`console:awards.claims.${award.claim}`),
        },
        {
          label: t('console:awards.anchor'),
          value: award.anchor === null ? undefined : t(`credentials:anchors.${award.anchor}`),
        },
      ]}
      actions={
        <>
          <AwardActions award={award} />
          {isCorrectable && (
            <Button
              size="xs"
              variant="default"
              aria-label={`${t('console:awards.correct')}: ${on}`}
              onClick={correcting.open}
            >
              {t('console:awards.correct')}
            </Button>
          )}
        </>
      }
    >
      {REVOCABLE.has(award.state) && (
        <Checkbox
          mt="xs"
          label={t('console:awards.choose')}
          aria-label={`${t('console:awards.choose')}: ${on}`}
          checked={isChosen}
          onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
        />
      )}
      <AwardApprovals award={award} />
      {award.decisionId !== null && <AwardReasons decisionId={award.decisionId} on={on} />}
      {award.edition !== null && <AwardEditions awardId={award.id} on={on} />}
      {isCorrecting && <AwardCorrection award={award} onClose={correcting.close} />}
    </Record>
  )
}
