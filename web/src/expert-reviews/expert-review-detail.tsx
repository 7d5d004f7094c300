import { List } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AchievementAbout } from '#web/achievements/achievement-about.tsx'
import { textFor } from '#web/achievements/text-for.ts'
import type { AchievementAbout as About, ExpertReviewRequest } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Facts } from '#web/components/facts.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { ExpertAnswerForm } from './expert-answer-form.tsx'

interface ExpertReviewDetailProps {
  readonly token: string
  readonly request: ExpertReviewRequest
}

/** The whole version to read, and the answer below it. */
export function ExpertReviewDetail({ token, request }: ExpertReviewDetailProps) {
  const { t, i18n } = useTranslation()
  const { moment } = useFormat()
  const [outcome, setOutcome] = useState<'thanks' | 'declined'>()
  const { definition, organisationName: organisation } = request
  const { language } = definition
  const say = (text: Readonly<Record<string, string>>) => textFor(text, i18n.language, language) ?? ''
  const name = say(definition.name)
  return (
    <Page title={t('expertReviews:title')} lead={t('expertReviews:lead', { organisation })}>
      {outcome !== undefined && (
        <Notice tone={outcome === 'thanks' ? 'good' : 'quiet'} role="status">
          {t(`expertReviews:${outcome}`, { organisation })}
        </Notice>
      )}
      <Panel>
        <BadgePicture url={request.image ?? undefined} name={name} />
        <Facts
          facts={[
            { label: t('expertReviews:name'), value: <strong>{name}</strong> },
            { label: t('expertReviews:issuer'), value: request.issuerName },
            { label: t('expertReviews:version'), value: String(request.version) },
            { label: t('expertReviews:description'), value: say(definition.description) },
            { label: t('expertReviews:message'), value: request.message },
            { label: t('expertReviews:until'), value: moment(request.expiresAt) },
          ]}
        />
      </Panel>
      <Panel title={t('expertReviews:criteria')}>
        <MarkdownText text={say(definition.criteria)} lang={language} />
      </Panel>
      <AchievementAbout about={aboutOf(definition)} language={language} />
      {definition.alignments.length > 0 && (
        <Panel title={t('expertReviews:alignments')}>
          <List>
            {definition.alignments.map(({ targetName, targetFramework }, at) => (
              <List.Item key={at}>
                {[targetName, targetFramework].filter((part) => part !== undefined).join(' · ')}
              </List.Item>
            ))}
          </List>
        </Panel>
      )}
      {outcome === undefined && <ExpertAnswerForm token={token} request={request} onDone={setOutcome} />}
    </Page>
  )
}

/** What the badge will tell of itself on its page. */
function aboutOf(definition: ExpertReviewRequest['definition']): About {
  const { badgeType, purpose, audience, recognises, recognisedThrough, learningOutcomes, place, use } =
    definition
  const { participation, assessment, qualityAssurance, criteriaItems, workload } = definition
  const all = {
    badgeType,
    purpose,
    audience,
    recognises,
    recognisedThrough,
    learningOutcomes,
    place,
    use,
    participation,
    assessment,
    qualityAssurance,
    criteriaItems,
    workload,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
