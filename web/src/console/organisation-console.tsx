import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes, useParams } from 'react-router'
import type { Organisation } from '#web/api/wire.ts'
import { NotFoundPage } from '#web/app/not-found-page.tsx'
import { AwardChangesSection } from '#web/award-changes/award-changes-section.tsx'
import { BlastRadiusSection } from '#web/blast-radius/blast-radius-section.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { DirectAwardsSection } from '#web/direct-awards/direct-awards-section.tsx'
import { FrameworksSection } from '#web/frameworks/frameworks-section.tsx'
import { MailTemplatesSection } from '#web/mail-templates/mail-templates-section.tsx'
import { OrganisationSection } from '#web/organisation/organisation-section.tsx'
import { PeopleSection } from '#web/people/people-section.tsx'
import { WebhooksSection } from '#web/webhooks/webhooks-section.tsx'
import { AchievementsSection } from './achievements-section.tsx'
import { ApiKeysSection } from './api-keys-section.tsx'
import { AwardsSection } from './awards-section.tsx'
import { BatchesSection } from './batches-section.tsx'
import styles from './console.module.css'
import { ConsoleNav } from './console-nav.tsx'
import { DecisionsSection } from './decisions-section.tsx'
import { EndorsementsSection } from './endorsements-section.tsx'
import { EventsSection } from './events-section.tsx'
import { IssuersSection } from './issuers-section.tsx'
import { MailSection } from './mail-section.tsx'
import { OrganisationContext } from './organisation-context.ts'
import { OverviewSection } from './overview-section.tsx'
import { RulesSection } from './rules-section.tsx'
import { WhySection } from './why-section.tsx'

const RulePage = lazy(() =>
  import('#web/rules/rule-page.tsx').then((module) => ({ default: module.RulePage })),
)

const SECTIONS = {
  overview: OverviewSection,
  events: EventsSection,
  decisions: DecisionsSection,
  why: WhySection,
  awards: AwardsSection,
  'direct-awards': DirectAwardsSection,
  'award-changes': AwardChangesSection,
  'blast-radius': BlastRadiusSection,
  achievements: AchievementsSection,
  frameworks: FrameworksSection,
  rules: RulesSection,
  batches: BatchesSection,
  endorsements: EndorsementsSection,
  mail: MailSection,
  'mail-templates': MailTemplatesSection,
  'api-keys': ApiKeysSection,
  webhooks: WebhooksSection,
  issuers: IssuersSection,
  people: PeopleSection,
  organisation: OrganisationSection,
} as const

export const SECTION_NAMES = Object.keys(SECTIONS) as readonly (keyof typeof SECTIONS)[]

/** The console of one organisation: its sections at the side, the open one beside them. */
export function OrganisationConsole({ organisations }: { readonly organisations: readonly Organisation[] }) {
  const { t } = useTranslation()
  const { organisation: slug } = useParams()
  const organisation = organisations.find((each) => each.slug === slug)
  if (organisation === undefined) return <NotFoundPage />
  return (
    <OrganisationContext value={organisation}>
      <div className={styles['columns']}>
        <ConsoleNav organisations={organisations} sections={SECTION_NAMES} />
        <div className={styles['section']}>
          <Routes>
            <Route index element={<Navigate to="overview" replace />} />
            {SECTION_NAMES.map((name) => {
              const Section = SECTIONS[name]
              return (
                <Route
                  key={name}
                  path={name}
                  element={
                    <Page
                      key={organisation.id}
                      title={t(`console:nav.${name}`)}
                      eyebrow={organisation.name}
                      lead={t(`console:leads.${name}`)}
                    >
                      {organisation.sample && <TestBanner />}
                      <Section />
                    </Page>
                  }
                />
              )
            })}
            <Route
              path="rules/:rule"
              element={
                <Suspense fallback={<Loading />}>
                  <RulePage key={organisation.id} />
                </Suspense>
              }
            />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </div>
      </div>
    </OrganisationContext>
  )
}
