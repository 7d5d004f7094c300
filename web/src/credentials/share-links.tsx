import { Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { create, path, read } from '#web/api/client.ts'
import type { CreatedShareLink, List, ShareLink } from '#web/api/wire.ts'
import { Elsewhere } from '#web/collections/elsewhere.tsx'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ShareLinkForm } from './share-link-form.tsx'
import { ShareLinkRow } from './share-link-row.tsx'

/** For the earner: links that show the page to whoever has them, until they are ended. */
export function ShareLinks({ credentialId }: { readonly credentialId: string }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const key = ['share-links', credentialId]
  const collection = path`/v1/credentials/${credentialId}/share-links`
  const links = useQuery({ queryKey: key, queryFn: () => read<List<ShareLink>>(collection) })
  const make = useMutation({
    mutationFn: (wanted: object) => create<CreatedShareLink>(collection, wanted),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  })
  const made = make.data
  return (
    <Panel title={t('credentials:share.title')}>
      <Stack>
        <Text>{t('credentials:share.lead')}</Text>
        <ShareLinkForm isPending={make.isPending} onMake={(wanted) => make.mutate(wanted)} />
        {make.isError && <ProblemAlert error={make.error} />}
        {made !== undefined && made.url !== null && (
          <Stack gap="xs">
            <Notice tone="good" role="status">
              {t('credentials:share.made')}
            </Notice>
            <CopyField label={t('credentials:share.link')} value={made.url} />
            {made.verifyUrl !== null && (
              <CopyField label={t('credentials:share.verifyLink')} value={made.verifyUrl} />
            )}
            <Elsewhere
              credentialId={credentialId}
              share={new URL(made.url).searchParams.get('share') ?? ''}
            />
          </Stack>
        )}
        {links.isError && <ProblemAlert error={links.error} onRetry={() => void links.refetch()} />}
        {links.data?.items.length === 0 && <Text c="dimmed">{t('credentials:share.none')}</Text>}
        {links.data !== undefined && links.data.items.length > 0 && (
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {links.data.items.map((link) => (
              <ShareLinkRow
                key={link.id}
                link={link}
                collection={collection}
                onEnded={() => void queryClient.invalidateQueries({ queryKey: key })}
              />
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  )
}
