import { useTranslation } from 'react-i18next'
import type { Decision } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { Explanation } from './explanation.tsx'
import { Record } from './record.tsx'
import { useAchievementNames } from './use-achievement-names.ts'

type Outcome = Decision['outcome']

const TONES: { readonly [Each in Outcome]: Tone } = {
  award: 'good',
  blocked: 'doubt',
  needs_review: 'doubt',
  would_award: 'quiet',
  retracted: 'bad',
}

interface DecisionRecordProps {
  readonly decision: Decision
  readonly order?: 2 | 3
  /** Among decisions of one rule it is the person that differs. */
  readonly isOfOneRule?: boolean
}

/** One decision with its reasons. */
export function DecisionRecord({ decision, order = 2, isOfOneRule = false }: DecisionRecordProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const nameOf = useAchievementNames()
  return (
    <Record
      title={
        isOfOneRule ? (
          <>
            {t('console:decisions.subject')} <code>{decision.subjectId}</code>
          </>
        ) : (
          nameOf(decision.achievementId)
        )
      }
      order={order}
      state={{
        tone: TONES[decision.outcome],
        label: t(`console:decisions.outcomes.${decision.outcome}`),
      }}
      facts={[
        { label: t('console:decisions.decided'), value: moment(decision.decidedAt) },
        {
          label: t('console:decisions.metAt'),
          value: decision.outcome === 'retracted' ? undefined : moment(decision.metAt),
        },
        {
          label: t('console:decisions.subject'),
          value: isOfOneRule ? undefined : decision.subjectId,
          code: true,
        },
        { label: t('console:decisions.occurrence'), value: decision.occurrence, code: true },
      ]}
    >
      <Explanation words={decision.words} trace={decision.trace} />
    </Record>
  )
}
