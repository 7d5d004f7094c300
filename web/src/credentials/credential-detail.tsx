import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CredentialView } from '#web/api/wire.ts'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { EndorsementList } from '#web/endorsements/endorsement-list.tsx'
import { CredentialDownloads } from './credential-downloads.tsx'
import { CredentialHead } from './credential-head.tsx'
import { CredentialState } from './credential-state.tsx'
import { documentTexts } from './document-texts.ts'
import { InlineVerification } from './inline-verification.tsx'
import { ShareLinks } from './share-links.tsx'
import { VisibilitySwitch } from './visibility-switch.tsx'

interface CredentialDetailProps {
  readonly credential: CredentialView
  readonly share: string | undefined
}

export function CredentialDetail({ credential, share }: CredentialDetailProps) {
  const { t } = useTranslation()
  usePageTitle(credential.achievementName)
  const { description, criteria, language } = documentTexts(credential.document)
  return (
    <Stack gap="lg">
      {credential.test && <TestBanner />}
      <CredentialState credential={credential} />
      <CredentialHead credential={credential} />
      <InlineVerification credential={credential} share={share} />
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
      {credential.endorsements.length > 0 && <EndorsementList endorsements={credential.endorsements} />}
      {credential.mine && (
        <>
          <VisibilitySwitch credential={credential} />
          <ShareLinks credentialId={credential.id} />
        </>
      )}
      <CredentialDownloads credential={credential} share={share} />
    </Stack>
  )
}
