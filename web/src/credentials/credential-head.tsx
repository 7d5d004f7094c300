import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { JsonObject } from '#engine/shared/json.ts'
import { readWordsInLanguages } from '#engine/verification/words-in-languages.ts'
import type { CredentialView } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Facts } from '#web/components/facts.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import styles from './credential-head.module.css'

/** Picture, name, whose it is and since when. The domain stands above the issuer's name. */
export function CredentialHead({ credential }: { readonly credential: CredentialView }) {
  const { t, i18n } = useTranslation()
  const { day, moment } = useFormat()
  const { achievementId, anchor, documentLanguage, image, imageAlt, issuer } = credential
  const { text: achievementName, language } = credential.texts.name
  const others = new Intl.ListFormat(i18n.language).format(
    otherLanguagesOf(credential).map((tag) => languageName(tag, i18n.language)),
  )
  const anchorText = [
    anchor.state === 'final' && anchor.anchoredAt !== null
      ? t('credentials:anchoredAt', { time: moment(anchor.anchoredAt) })
      : t(`credentials:anchors.${anchor.state}`),
    ...(anchor.independent ? [] : [t('credentials:notIndependent')]),
  ].join('; ')
  return (
    <Panel>
      <div className={styles['columns']}>
        <BadgePicture url={image ?? undefined} name={imageAlt?.text ?? achievementName} size={200} />
        <Stack gap="md" className={styles['words'] ?? ''}>
          <div>
            <Text c="dimmed" fw={600} size="sm">
              {t('credentials:what')}
            </Text>
            <Title tabIndex={-1} lang={language}>
              {achievementName}
            </Title>
          </div>
          <Facts
            facts={[
              { label: t('credentials:domain'), value: <strong>{issuer.domain}</strong> },
              {
                label: t('credentials:issuer'),
                value: (
                  <Anchor component={Link} to={`/issuers/${issuer.slug}`}>
                    {issuer.name}
                  </Anchor>
                ),
              },
              { label: t('credentials:awarded'), value: day(credential.awardedAt) },
              {
                label: t('credentials:achievement'),
                value: (
                  <Anchor component={Link} to={`/achievements/${achievementId}`}>
                    {achievementName}
                  </Anchor>
                ),
              },
              {
                label: t('credentials:documentLanguage'),
                value:
                  others === ''
                    ? languageName(documentLanguage, i18n.language)
                    : t('credentials:languages', {
                        own: languageName(documentLanguage, i18n.language),
                        others,
                      }),
              },
              { label: t('credentials:anchor'), value: anchorText },
            ]}
          />
          {credential.byRule && (
            <Text>
              {t('credentials:byRule')}{' '}
              <Anchor component={Link} to={`/issuers/${issuer.slug}`}>
                {t('credentials:byRuleLink', { issuer: issuer.name })}
              </Anchor>
            </Text>
          )}
        </Stack>
      </div>
    </Panel>
  )
}

/** In which languages the signed document tells of itself besides its own. */
const otherLanguagesOf = (credential: CredentialView): readonly string[] =>
  credential.form !== 'document'
    ? []
    : readWordsInLanguages(credential.document as JsonObject)
        .map(({ language }) => language)
        .filter((language) => language !== credential.documentLanguage)

/** `nl` as `Dutch`, in the reader's language; a tag that the browser does not know as it is. */
const languageName = (tag: string, reader: string): string =>
  new Intl.DisplayNames([reader], { type: 'language' }).of(tag) ?? tag
