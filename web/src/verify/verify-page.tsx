import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Verification } from './verification.tsx'

/** `/verify`, and `/verify?url=…`, which starts at once. */
export function VerifyPage() {
  const { t } = useTranslation()
  const [query] = useSearchParams()
  const url = query.get('url') ?? undefined
  return (
    <Verification
      key={url ?? ''}
      url={url}
      start={(form) => (
        <Page title={t('verify:title')} lead={t('verify:lead')}>
          <Panel>{form}</Panel>
          <Text>
            {t('verify:here.text')} <Anchor href="/verifier/">{t('verify:here.link')}</Anchor>
          </Text>
        </Page>
      )}
    />
  )
}
