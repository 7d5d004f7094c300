import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { PublicAchievement } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Facts } from '#web/components/facts.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { usePageTitle } from '#web/components/use-page-title.ts'
import headStyles from '#web/credentials/credential-head.module.css'
import { documentTexts } from '#web/credentials/document-texts.ts'
import { EndorsementList } from '#web/endorsements/endorsement-list.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { AchievementAbout } from './achievement-about.tsx'
import { AchievementAssessors } from './achievement-assessors.tsx'
import { AchievementLevels } from './achievement-levels.tsx'

export function AchievementDetail({ achievement }: { readonly achievement: PublicAchievement }) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const { document, endorsements, image, issuer, state, version } = achievement
  const { criteria, description, language, tags, type } = documentTexts(document)
  const name = typeof document['name'] === 'string' ? document['name'] : ''
  usePageTitle(name)
  return (
    <Stack gap="lg">
      {achievement.test && <TestBanner />}
      <Panel>
        <div className={headStyles['columns']}>
          <BadgePicture url={image ?? undefined} name={name} size={200} />
          <Stack gap="md">
            <div>
              <Text c="dimmed" fw={600} size="sm">
                {t('achievements:what')}
              </Text>
              <Title tabIndex={-1} lang={language}>
                {name}
              </Title>
            </div>
            {description !== undefined && <Text lang={language}>{description}</Text>}
            <Facts
              facts={[
                { label: t('achievements:domain'), value: <strong>{issuer.domain}</strong> },
                {
                  label: t('achievements:issuer'),
                  value: (
                    <Anchor component={Link} to={`/issuers/${issuer.slug}`}>
                      {issuer.name}
                    </Anchor>
                  ),
                },
                { label: t('achievements:type'), value: type },
                {
                  label: t('achievements:version', { version }),
                  value: t(`achievements:states.${state}`, { defaultValue: state }),
                },
                { label: t('achievements:tags'), value: tags.join(', ') },
                { label: t('achievements:id'), value: achievement.page, code: true },
              ]}
            />
          </Stack>
        </div>
      </Panel>
      {achievement.end !== null && (
        <Notice tone="doubt" title={t('achievements:ended', { day: day(achievement.end.at) })}>
          {achievement.end.reason ?? t(`achievements:states.${state}`, { defaultValue: state })}
        </Notice>
      )}
      {criteria !== undefined && (
        <Panel title={t('achievements:criteria')}>
          <MarkdownText text={criteria} lang={language} />
        </Panel>
      )}
      {achievement.imageLevels !== undefined && (
        <AchievementLevels levels={achievement.imageLevels} language={language ?? 'en'} />
      )}
      <AchievementAbout about={achievement.about} language={language ?? 'en'} />
      <AchievementAssessors assessors={achievement.assessors} />
      {endorsements.length > 0 && <EndorsementList endorsements={endorsements} />}
      <Disclosure summary={t('components:raw')}>
        <JsonView value={document} label={t('components:raw')} />
      </Disclosure>
    </Stack>
  )
}
