import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { readEducredential } from '#engine/credentials/educredential.ts'
import { type PersonalParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import type { CredentialView } from '#web/api/wire.ts'
import { Elsewhere } from '#web/collections/elsewhere.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { useNoIndex } from '#web/components/use-no-index.ts'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { WalletOfferPanel } from '#web/connections/wallet-offer.tsx'
import { EndorsementList } from '#web/endorsements/endorsement-list.tsx'
import { AlignmentsView } from './alignments-view.tsx'
import { AttestedNotice } from './attested-view.tsx'
import { CredentialDownloads } from './credential-downloads.tsx'
import { CredentialHead } from './credential-head.tsx'
import { CredentialState } from './credential-state.tsx'
import { DisclosurePanel } from './disclosure-panel.tsx'
import { EducredentialView } from './educredential-view.tsx'
import { InlineVerification } from './inline-verification.tsx'
import { PersonalPartsView } from './personal-parts-view.tsx'
import { ShareLinks } from './share-links.tsx'
import type { Way } from './use-credential.ts'
import { ViewCounts } from './view-counts.tsx'
import { VisibilitySwitch } from './visibility-switch.tsx'

interface CredentialDetailProps {
  readonly credential: CredentialView
  readonly way: Way
}

export function CredentialDetail({ credential, way }: CredentialDetailProps) {
  const { t } = useTranslation()
  const { name, description, criteria } = credential.texts
  const achievement = achievementOf(credential)
  const profile = achievement && readEducredential(achievement)
  usePageTitle(name.text)
  useNoIndex(credential.visibility !== 'public' || way.share !== undefined)
  return (
    <Stack gap="lg">
      {credential.test && <TestBanner />}
      <CredentialState credential={credential} />
      <CredentialHead credential={credential} />
      {credential.form === 'document' ? (
        <InlineVerification credential={credential} way={way} />
      ) : (
        <AttestedNotice attested={credential.attested} />
      )}
      <PersonalPartsView parts={partsOf(credential)} lang={credential.documentLanguage} />
      {profile !== undefined && <EducredentialView profile={profile} />}
      {achievement !== undefined && (
        <AlignmentsView achievement={achievement} lang={credential.documentLanguage} />
      )}
      {description.text !== '' && (
        <Panel title={t('credentials:achievement')}>
          <p style={{ margin: 0 }} lang={description.language}>
            {description.text}
          </p>
        </Panel>
      )}
      {criteria.text !== '' && (
        <Panel title={t('credentials:criteria')}>
          <MarkdownText text={criteria.text} lang={criteria.language} />
        </Panel>
      )}
      {credential.endorsements.length > 0 && (
        <EndorsementList endorsements={credential.endorsements} inside={insideOf(credential)} />
      )}
      {credential.mine && (
        <>
          <VisibilitySwitch credential={credential} />
          {credential.visibility === 'public' && <Elsewhere credentialId={credential.id} />}
          <ShareLinks credentialId={credential.id} />
          <DisclosurePanel credentialId={credential.id} lang={credential.documentLanguage} />
          <WalletOfferPanel credentialId={credential.id} />
          <ViewCounts credentialId={credential.id} />
        </>
      )}
      {credential.form === 'document' && <CredentialDownloads credential={credential} way={way} />}
    </Stack>
  )
}

/** Of the signed document; or of what the server says of it, without what was left out. */
function partsOf(credential: CredentialView): PersonalParts {
  if (credential.form === 'document') return readPersonalParts(credential.document as JsonObject)
  const { achievement, narrative, results, evidence } = credential.attested
  const subject = { achievement, result: results, ...(narrative === null ? {} : { narrative }) }
  return readPersonalParts({ credentialSubject: subject, evidence } as JsonObject)
}

/** Ids of the endorsements that are part of the signed document: of it, of its achievement and of its issuer. */
function insideOf(credential: CredentialView): ReadonlySet<unknown> {
  if (credential.form !== 'document') return new Set()
  const document = credential.document as JsonObject
  return new Set(
    [document, document['issuer'], achievementOf(credential)]
      .filter(isJsonObject)
      .flatMap(({ endorsement }) => listOf(endorsement))
      .filter(isJsonObject)
      .map(({ id }) => id),
  )
}

/** As it stands in the document, or in what the server says of it. */
function achievementOf(credential: CredentialView): JsonObject | undefined {
  if (credential.form !== 'document') return credential.attested.achievement as unknown as JsonObject
  const { credentialSubject } = credential.document as { credentialSubject?: { achievement?: JsonObject } }
  return credentialSubject?.achievement
}
