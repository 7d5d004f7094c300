import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EndorsementSummary } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

interface EndorsementListProps {
  readonly endorsements: readonly EndorsementSummary[]
  /** Ids of those that stand inside the badge, and go with it wherever it goes. */
  readonly inside?: ReadonlySet<unknown>
}

/** Published endorsements. The key comes first: it is what is proved; the name is its owner's own word. */
export function EndorsementList({ endorsements, inside }: EndorsementListProps) {
  const { t } = useTranslation()
  const { day } = useFormat()
  return (
    <Panel title={t('credentials:endorsements')}>
      <Stack gap="lg">
        {endorsements.map((endorsement) => (
          <div key={endorsement.id}>
            <Text component="blockquote" m={0} size="lg">
              “{endorsement.comment}”
            </Text>
            <Text mt={4}>
              {t('endorsements:list.key')}: <code>{endorsement.endorserDid}</code>
            </Text>
            <Text size="sm" c="dimmed">
              {t('endorsements:list.selfNamed', { name: endorsement.endorserName })}{' '}
              {t('endorsements:list.of', { target: t(`endorsements:targets.${endorsement.target}`) })},{' '}
              {day(endorsement.publishedAt)}
              {inside?.has(`urn:uuid:${endorsement.id}`) === true && `, ${t('endorsements:list.inside')}`}
            </Text>
            <Disclosure summary={t('components:raw')}>
              <JsonView value={endorsement.document} label={t('components:raw')} />
            </Disclosure>
          </div>
        ))}
      </Stack>
    </Panel>
  )
}
