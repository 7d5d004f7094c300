import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AchievementAbout as About } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Panel } from '#web/components/panel.tsx'
import { textFor } from './text-for.ts'

interface AchievementAboutProps {
  readonly about: About
  /** In which it is issued: where there is no text in the reader's language. */
  readonly language: string
}

/** What an achievement tells of itself beside its document. Nothing where it tells nothing. */
export function AchievementAbout({ about, language }: AchievementAboutProps) {
  const { t, i18n } = useTranslation()
  const say = (text: Readonly<Record<string, string>> | undefined) => textFor(text, i18n.language, language)
  const { badgeType, recognises = [], recognisedThrough, participation, workload } = about
  const { learningOutcomes = [], criteriaItems = [] } = about
  if (Object.keys(about).length === 0) return null
  const facts = [
    {
      label: t('achievements:about.badgeType'),
      value: badgeType && t(`achievements:about.types.${badgeType}`),
    },
    { label: t('achievements:about.purpose'), value: say(about.purpose) },
    { label: t('achievements:about.audience'), value: say(about.audience) },
    {
      label: t('achievements:about.recognises'),
      value: recognises.map((kind) => t(`achievements:about.kinds.${kind}`)).join(', '),
    },
    {
      label: t('achievements:about.recognisedThrough'),
      value: recognisedThrough && t(`achievements:about.through.${recognisedThrough}`),
    },
    {
      label: t('achievements:about.learningOutcomes'),
      value: learningOutcomes.length > 0 && (
        <List>
          {learningOutcomes.map((outcome, at) => (
            <List.Item key={at}>{say(outcome)}</List.Item>
          ))}
        </List>
      ),
    },
    { label: t('achievements:about.place'), value: say(about.place) },
    { label: t('achievements:about.use'), value: say(about.use) },
    {
      label: t('achievements:about.workload'),
      value: workload && t(`achievements:about.units.${workload.unit}`, { amount: workload.amount }),
    },
    {
      label: t('achievements:about.participation'),
      value: participation && t(`achievements:about.forms.${participation}`),
    },
    { label: t('achievements:about.assessment'), value: say(about.assessment) },
    { label: t('achievements:about.qualityAssurance'), value: say(about.qualityAssurance) },
    {
      label: t('achievements:about.criteria'),
      value: criteriaItems.length > 0 && (
        <List type="ordered">
          {criteriaItems.map(({ id, text, evidence, due }) => (
            <List.Item key={id}>
              {[say(text), evidence && t(`achievements:about.evidence.${evidence}`), due]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </List.Item>
          ))}
        </List>
      ),
    },
  ]
  return (
    <Panel title={t('achievements:about.title')}>
      <Facts facts={facts.filter(({ value }) => value !== false)} />
    </Panel>
  )
}
