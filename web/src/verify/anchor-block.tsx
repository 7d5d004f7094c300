import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Facts } from '#web/components/facts.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import type { WireAnchor } from './wire-report.ts'

/** Where on which chain the document's digest stands, and how much that is worth. */
export function AnchorBlock({ anchor }: { readonly anchor: WireAnchor }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { independent } = anchor
  return (
    <Panel title={t('verify:anchor.title')}>
      <Stack>
        <Text>{t('verify:anchor.lead')}</Text>
        {independent === true && <Notice tone="good">{t('verify:anchor.independent')}</Notice>}
        {independent === false && <Notice tone="doubt">{t('verify:anchor.notIndependent')}</Notice>}
        {independent === undefined && <Notice tone="quiet">{t('verify:anchor.unread')}</Notice>}
        <Facts
          facts={[
            {
              label: t('verify:anchor.anchoredAt'),
              value: anchor.anchoredAt === undefined ? undefined : moment(anchor.anchoredAt),
            },
            { label: t('verify:anchor.chain'), value: `eip155:${anchor.chainId}`, code: true },
            { label: t('verify:anchor.contract'), value: anchor.contract, code: true },
            { label: t('verify:anchor.issuer'), value: anchor.issuerId, code: true },
            { label: t('verify:anchor.signer'), value: anchor.signer, code: true },
            { label: t('verify:anchor.root'), value: anchor.root, code: true },
            {
              label: t('verify:anchor.leaf'),
              value: t('verify:anchor.leafOf', { index: anchor.leafIndex, size: anchor.size }),
            },
          ]}
        />
      </Stack>
    </Panel>
  )
}
