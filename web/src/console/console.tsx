import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes } from 'react-router'
import { alignmentTexts } from '#web/alignments/alignment-texts.ts'
import { assessorTexts } from '#web/assessors/assessor-texts.ts'
import { awardChangeTexts } from '#web/award-changes/award-change-texts.ts'
import { badgeBuilderTexts } from '#web/badge-builder/badge-builder-texts.ts'
import { blastRadiusTexts } from '#web/blast-radius/blast-radius-texts.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { directAwardTexts } from '#web/direct-awards/direct-award-texts.ts'
import { expertRequestTexts } from '#web/expert-reviews/expert-request-texts.ts'
import { frameworkTexts } from '#web/frameworks/framework-texts.ts'
import { addTexts } from '#web/i18n/i18n.ts'
import { mailTemplateTexts } from '#web/mail-templates/mail-template-texts.ts'
import { organisationTexts } from '#web/organisation/organisation-texts.ts'
import { peopleTexts } from '#web/people/people-texts.ts'
import { ruleTexts } from '#web/rules/rule-texts.ts'
import { shareTexts } from '#web/shares/share-texts.ts'
import { SignInForm } from '#web/sign-in/sign-in-form.tsx'
import { useSession } from '#web/sign-in/use-session.ts'
import { webhookTexts } from '#web/webhooks/webhook-texts.ts'
import { consoleTexts } from './console-texts.ts'
import { OrganisationConsole } from './organisation-console.tsx'

addTexts('alignments', alignmentTexts)
addTexts('assessors', assessorTexts)
addTexts('awardChanges', awardChangeTexts)
addTexts('badgeBuilder', badgeBuilderTexts)
addTexts('blastRadius', blastRadiusTexts)
addTexts('console', consoleTexts)
addTexts('directAwards', directAwardTexts)
addTexts('expertRequests', expertRequestTexts)
addTexts('frameworks', frameworkTexts)
addTexts('organisation', organisationTexts)
addTexts('people', peopleTexts)
addTexts('rules', ruleTexts)
addTexts('mailTemplates', mailTemplateTexts)
addTexts('shares', shareTexts)
addTexts('webhooks', webhookTexts)

const NewOrganisation = lazy(() =>
  import('./new-organisation.tsx').then((module) => ({ default: module.NewOrganisation })),
)

/** `/console`: for people of an organisation. Leads to the first of theirs. */
export function Console() {
  const { t } = useTranslation()
  const { data: session, error, isPending, refetch } = useSession()
  if (isPending) return <Loading />
  if (error !== null) return <ProblemAlert error={error} onRetry={() => void refetch()} />
  if (session === null) {
    return (
      <Page title={t('console:title')} lead={t('console:signIn')}>
        <SignInForm />
      </Page>
    )
  }
  const [first] = session.organisations
  if (first === undefined) {
    return (
      <Suspense fallback={<Loading />}>
        <NewOrganisation />
      </Suspense>
    )
  }
  return (
    <Routes>
      <Route index element={<Navigate to={`${first.slug}/overview`} replace />} />
      <Route path=":organisation/*" element={<OrganisationConsole organisations={session.organisations} />} />
    </Routes>
  )
}
