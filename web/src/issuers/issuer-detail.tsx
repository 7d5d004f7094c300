import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { identifiersInLine, readInstitutionWords } from '#engine/credentials/read-institution.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { JsonDocument } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { domainOfDid, isLocalDomain } from './issuer-domain.ts'
import { IssuerKeys } from './issuer-keys.tsx'

interface IssuerDetailProps {
  readonly slug: string
  readonly profile: JsonDocument
}

/** The domain is the headline; everything else is what the issuer calls itself. */
export function IssuerDetail({ slug, profile }: IssuerDetailProps) {
  const { t } = useTranslation()
  const did = textOf(profile['id']) ?? ''
  const domain = domainOfDid(did)
  const url = textOf(profile['url'])
  const phone = textOf(profile['phone'])
  const institution = readInstitutionWords(profile as JsonObject) ?? {}
  const email = textOf(profile['email'])
  return (
    <Page title={domain ?? did} eyebrow={t('issuers:what')}>
      {domain !== undefined && isLocalDomain(domain) && <TestBanner />}
      <Panel>
        <Facts
          facts={[
            { label: t('issuers:selfNamed'), value: <strong>{textOf(profile['name'])}</strong> },
            { label: t('verify:official'), value: institution.official },
            { label: t('issuers:description'), value: textOf(profile['description']) },
            { label: t('verify:identifiers'), value: identifiersInLine(institution) },
            { label: t('verify:address'), value: institution.address },
            { label: t('verify:postOfficeBox'), value: institution.postOfficeBox },
            { label: t('verify:partOf'), value: institution.parent },
            {
              label: t('issuers:website'),
              value:
                url !== undefined && isWeb(url) ? (
                  <Anchor href={url} rel="noopener noreferrer nofollow">
                    {url}
                  </Anchor>
                ) : (
                  url
                ),
            },
            {
              label: t('issuers:email'),
              value:
                email === undefined ? undefined : (
                  <Anchor href={`mailto:${encodeURIComponent(email)}`}>{email}</Anchor>
                ),
            },
            { label: t('issuers:phone'), value: phone && <Anchor href={`tel:${phone}`}>{phone}</Anchor> },
            { label: t('issuers:did'), value: did, code: true },
          ]}
        />
      </Panel>
      <IssuerKeys slug={slug} />
    </Page>
  )
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const isWeb = (url: string): boolean => /^https?:\/\//i.test(url)
