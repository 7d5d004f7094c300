import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CredentialView } from '#web/api/wire.ts'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { useNoIndex } from '#web/components/use-no-index.ts'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { EndorsementList } from '#web/endorsements/endorsement-list.tsx'
import { AttestedNotice, AttestedParts } from './attested-view.tsx'
import { CredentialDownloads } from './credential-downloads.tsx'
import { CredentialHead } from './credential-head.tsx'
import { CredentialState } from './credential-state.tsx'
import { documentTexts } from './document-texts.ts'
import { InlineVerification } from './inline-verification.tsx'
import { ShareLinks } from './share-links.tsx'
import { ViewCounts } from './view-counts.tsx'
import { VisibilitySwitch } from './visibility-switch.tsx'

interface CredentialDetailProps {
  readonly credential: CredentialView
  readonly share: string | undefined
}

export function CredentialDetail({ credential, share }: CredentialDetailProps) {
  const { t } = useTranslation()
  usePageTitle(credential.achievementName)
  useNoIndex(credential.visibility !== 'public' || share !== undefined)
  const { description, criteria, language } = documentTexts(
    credential.form === 'document' ? credential.document : credential.attested.achievement,
  )
  return (
    <Stack gap="lg">
      {credential.test && <TestBanner />}
      <CredentialState credential={credential} />
      <CredentialHead credential={credential} />
      {credential.form === 'document' ? (
        <InlineVerification credential={credential} share={share} />
      ) : (
        <AttestedNotice attested={credential.attested} />
      )}
      {description !== undefined && (
        <Panel title={t('credentials:achievement')}>
          <p style={{ margin: 0 }} lang={language}>
            {description}
          </p>
        </Panel>
      )}
      {criteria !== undefined && (
        <Panel title={t('credentials:criteria')}>
          <MarkdownText text={criteria} lang={language} />
        </Panel>
      )}
      {credential.form === 'attested-view' && <AttestedParts attested={credential.attested} />}
      {credential.endorsements.length > 0 && <EndorsementList endorsements={credential.endorsements} />}
      {credential.mine && (
        <>
          <VisibilitySwitch credential={credential} />
          <ShareLinks credentialId={credential.id} />
          <ViewCounts credentialId={credential.id} />
        </>
      )}
      {credential.form === 'document' && <CredentialDownloads credential={credential} share={share} />}
    </Stack>
  )
}
