import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textFor } from '#web/achievements/text-for.ts'
import { path, read, removeSeen } from '#web/api/client.ts'
import type { Collection, List } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { CollectionForm } from './collection-form.tsx'
import { COLLECTIONS_KEY } from './collections-key.ts'

/** The collections of the earner, and who sees them. */
export function CollectionList() {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: COLLECTIONS_KEY,
    queryFn: () => read<List<Collection>>('/v1/collections'),
  })
  const making = useOpening()
  return (
    <Panel title={t('collections:mine.title')}>
      <Stack>
        <Text>{t('collections:mine.lead')}</Text>
        <div>
          <Button
            ref={making.button}
            variant="default"
            aria-expanded={making.isOpen}
            onClick={() => making.toggle()}
          >
            {t('collections:mine.newTitle')}
          </Button>
        </div>
        {making.isOpen && <CollectionForm onClose={making.close} />}
        {error !== null && <ProblemAlert error={error} />}
        {data?.items.length === 0 && <Text c="dimmed">{t('collections:mine.none')}</Text>}
        {data !== undefined && data.items.length > 0 && (
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {data.items.map((each) => (
              <CollectionRow key={each.id} collection={each} />
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  )
}

/** A form behind a button, to which the reader comes back when it closes. */
function useOpening() {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return {
    isOpen,
    button,
    toggle: () => setOpen(!isOpen),
    close: () => {
      setOpen(false)
      button.current?.focus()
    },
  }
}

function CollectionRow({ collection }: { readonly collection: Collection }) {
  const { t, i18n } = useTranslation()
  const { moment } = useFormat()
  const queryClient = useQueryClient()
  const { id, revision, visibility, expiresAt, badges } = collection
  const drop = useMutation({
    mutationFn: () => removeSeen(path`/v1/collections/${id}`, { revision }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: COLLECTIONS_KEY }),
  })
  const editing = useOpening()
  const name = textFor(collection.name, i18n.language, 'en') ?? ''
  return (
    <li>
      <Group justify="space-between" py={8}>
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {t('collections:mine.count', { count: badges.length })}
            {expiresAt !== null && `, ${t('collections:mine.until', { time: moment(expiresAt) })}`}
          </Text>
        </div>
        <Group gap="xs">
          <Pill tone={visibility === 'private' ? 'quiet' : 'good'}>
            {t(`collections:mine.visibilities.${visibility}`)}
          </Pill>
          {visibility === 'public' && (
            <LinkButton to={`/collections/${id}`} size="xs" variant="default">
              {t('collections:mine.see')}
            </LinkButton>
          )}
          <Button
            ref={editing.button}
            size="xs"
            variant="default"
            aria-label={t('collections:mine.editThis', { name })}
            aria-expanded={editing.isOpen}
            onClick={() => editing.toggle()}
          >
            {t('collections:mine.edit')}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={t('collections:mine.removeThis', { name })}
            loading={drop.isPending}
            onClick={() => drop.mutate()}
          >
            {t('collections:mine.remove')}
          </Button>
        </Group>
      </Group>
      {editing.isOpen && <CollectionForm collection={collection} onClose={editing.close} />}
      {drop.isError && <ProblemAlert error={drop.error} />}
    </li>
  )
}
