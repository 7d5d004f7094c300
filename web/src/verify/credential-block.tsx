import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { identifiersInLine } from '#engine/credentials/read-institution.ts'
import { wordsFor } from '#engine/verification/words-in-languages.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Facts } from '#web/components/facts.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import styles from './credential-block.module.css'
import type { WireCredential } from './wire-report.ts'

interface CredentialBlockProps {
  readonly credential: WireCredential
  readonly picture: string | undefined
  /** The signature holds: the issuer did say this. */
  readonly isProved: boolean
}

/** What the document says of itself. All of it is the issuer's word. */
export function CredentialBlock({ credential, picture, isProved }: CredentialBlockProps) {
  const { t, i18n } = useTranslation()
  const { day } = useFormat()
  const { achievement, issuer, awardedDate, validFrom, validUntil } = credential
  const name = achievement?.name ?? credential.name ?? credential.types.at(-1) ?? ''
  const words = wordsFor(credential.inLanguages, i18n.language)
  const inOwn = words?.name === undefined || words.name === name ? undefined : name
  const lang = words?.language
  const ownLang = credential.inLanguages?.find((each) => each.name === name)?.language
  const criteria = words?.criteria ?? achievement?.criteria
  const dayOf = (time: string | undefined) => (time === undefined ? undefined : day(time))
  return (
    <Panel title={t(isProved ? 'verify:what' : 'verify:whatUnproved')}>
      <div className={styles['columns']}>
        <BadgePicture url={picture ?? achievement?.image?.id} name={achievement?.image?.caption ?? name} />
        <div className={styles['facts']}>
          <Facts
            facts={[
              { label: t('verify:name'), value: <strong>{words?.name ?? name}</strong>, lang },
              { label: t('report:inOwnLanguage'), value: inOwn, lang: ownLang },
              { label: t('verify:issuerName'), value: issuer?.name },
              { label: t('verify:official'), value: issuer?.institution?.official },
              { label: t('verify:identifiers'), value: identifiersInLine(issuer?.institution ?? {}) },
              { label: t('verify:address'), value: issuer?.institution?.address },
              { label: t('verify:postOfficeBox'), value: issuer?.institution?.postOfficeBox },
              { label: t('verify:partOf'), value: issuer?.institution?.parent },
              { label: t('verify:holder'), value: credential.subjectName },
              { label: t('verify:awarded'), value: dayOf(awardedDate) },
              { label: t('verify:validFrom'), value: dayOf(validFrom) },
              { label: t('verify:validUntil'), value: dayOf(validUntil) ?? t('verify:noEnd') },
              { label: t('verify:kind'), value: achievement?.type },
              { label: t('verify:achievementVersion'), value: achievement?.version },
              { label: t('verify:about'), value: words?.description ?? achievement?.description, lang },
              { label: t('report:criteriaAt'), value: achievement?.criteriaAddress },
              { label: t('verify:digest'), value: credential.digest, code: true },
            ]}
          />
          <PictureElsewhere address={picture === undefined ? achievement?.image?.id : undefined} />
          {criteria !== undefined && (
            <Disclosure summary={t('verify:criteria')}>
              <div lang={lang}>
                <MarkdownText text={criteria} />
              </div>
            </Disclosure>
          )}
        </div>
      </div>
    </Panel>
  )
}

/** A picture on another server is not loaded by itself: it would tell that server who looks at which badge. */
function PictureElsewhere({ address }: { readonly address: string | undefined }) {
  const { t } = useTranslation()
  const url = address === undefined ? null : URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin === location.origin) return null
  return (
    <Text size="sm" my="xs">
      {t('report:picture')}:{' '}
      <Anchor href={url.href} target="_blank" rel="noreferrer noopener">
        {t('report:showPicture', { host: url.host })}
      </Anchor>
    </Text>
  )
}
