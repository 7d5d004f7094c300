import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { textFor } from '#web/achievements/text-for.ts'
import { change, create, path, read } from '#web/api/client.ts'
import type { BackpackItem, Collection, List, MadeCollection } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { BadgeOrder } from './badge-order.tsx'
import { askedFor, type CollectionDraft, draftOf, EMPTY_COLLECTION } from './collection-draft.ts'
import { COLLECTIONS_KEY } from './collections-key.ts'

const VISIBILITIES = ['private', 'link', 'public'] as const

interface CollectionFormProps {
  /** What is changed; a new one without it. */
  readonly collection?: Collection
  readonly onClose: () => void
}

/** Puts badges together, anew or otherwise. No private one is shown by it unless the earner says so. */
export function CollectionForm({ collection, onClose }: CollectionFormProps) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const queryClient = useQueryClient()
  const own = useQuery({
    queryKey: ['backpack', language],
    queryFn: () => read<List<BackpackItem>>('/v1/backpack', { language }),
  })
  const form = useForm<CollectionDraft>({
    initialValues: collection === undefined ? EMPTY_COLLECTION : draftOf(collection),
    validate: {
      en: (en, { nl }) => (en.trim() === '' && nl.trim() === '' ? t('collections:mine.nameMissing') : null),
    },
  })
  const save = useMutation({
    mutationFn: (draft: CollectionDraft) =>
      collection === undefined
        ? create<MadeCollection>('/v1/collections', askedFor(draft))
        : change<MadeCollection>(
            path`/v1/collections/${collection.id}`,
            askedFor(draft, collection),
            collection.revision,
          ),
    onSuccess: ({ url }) => {
      if (collection === undefined) form.reset()
      // A link is shown this once: then the form stays open for it.
      if (url === null) {
        if (collection === undefined) sayDone(t('collections:mine.madeIt'))
        onClose()
      }
      return queryClient.invalidateQueries({ queryKey: COLLECTIONS_KEY })
    },
  })
  const nameOf = (id: string) => {
    const item = own.data?.items.find(({ credentialId }) => credentialId === id)
    return item === undefined ? id : `${item.achievementName}, ${item.issuerName}`
  }
  const { visibility, badges } = form.values
  const title =
    collection === undefined
      ? t('collections:mine.newTitle')
      : t('collections:mine.editTitle', { name: textFor(collection.name, language, 'en') })
  return (
    <Panel title={title} order={3}>
      <form onSubmit={form.onSubmit((draft) => save.mutate(draft))} noValidate>
        <Stack>
          <Group grow align="start">
            <TextInput label={t('collections:mine.nameEn')} maxLength={200} {...form.getInputProps('en')} />
            <TextInput label={t('collections:mine.nameNl')} maxLength={200} {...form.getInputProps('nl')} />
          </Group>
          <Group grow align="start">
            <Textarea
              label={t('collections:mine.aboutEn')}
              autosize
              maxLength={2000}
              {...form.getInputProps('aboutEn')}
            />
            <Textarea
              label={t('collections:mine.aboutNl')}
              autosize
              maxLength={2000}
              {...form.getInputProps('aboutNl')}
            />
          </Group>
          <Checkbox.Group
            label={t('collections:mine.badges')}
            value={badges}
            onChange={(chosen) => form.setFieldValue('badges', chosen)}
          >
            <Stack gap="xs" mt="xs">
              {own.data?.items.map((item) => (
                <Checkbox
                  key={item.credentialId}
                  value={item.credentialId}
                  label={`${item.achievementName}, ${item.issuerName}`}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {badges.length > 1 && (
            <BadgeOrder
              value={badges}
              nameOf={nameOf}
              onChange={(ordered) => form.setFieldValue('badges', ordered)}
            />
          )}
          <Group grow align="start">
            <NativeSelect
              label={t('collections:mine.visibility')}
              data={VISIBILITIES.map((value) => ({
                value,
                label: t(`collections:mine.visibilities.${value}`),
              }))}
              {...form.getInputProps('visibility')}
            />
            {visibility === 'link' && (
              <TextInput type="date" label={t('collections:mine.end')} {...form.getInputProps('until')} />
            )}
          </Group>
          {visibility !== 'private' && (
            <Checkbox
              label={t('collections:mine.share')}
              description={t('collections:mine.shareText')}
              {...form.getInputProps('shareBadges', { type: 'checkbox' })}
            />
          )}
          {collection?.visibility === 'link' && visibility === 'link' && (
            <Checkbox
              label={t('collections:mine.newLink')}
              {...form.getInputProps('newLink', { type: 'checkbox' })}
            />
          )}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t(collection === undefined ? 'collections:mine.make' : 'collections:mine.save')}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('collections:mine.close')}
            </Button>
          </Group>
          {save.isError && <ProblemAlert error={save.error} />}
          {save.isSuccess && save.data.url !== null && (
            <Stack gap="xs">
              <Notice tone="good" role="status">
                {t('collections:mine.made')}
              </Notice>
              <CopyField label={t('collections:mine.link')} value={save.data.url} />
            </Stack>
          )}
        </Stack>
      </form>
    </Panel>
  )
}
