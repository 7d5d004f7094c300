import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { create, read } from '#web/api/client.ts'
import type { BackpackItem, List, MadeCollection } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { COLLECTIONS_KEY } from './collection-list.tsx'

const VISIBILITIES = ['private', 'link', 'public'] as const

interface CollectionDraft {
  readonly en: string
  readonly nl: string
  /** In the order in which they were chosen. */
  readonly badges: string[]
  readonly visibility: string
  readonly until: string
  readonly shareBadges: boolean
}

const EMPTY: CollectionDraft = {
  en: '',
  nl: '',
  badges: [],
  visibility: 'private',
  until: '',
  shareBadges: false,
}

/** Puts badges together. No private one is shown by it unless the earner says so. */
export function CollectionForm() {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const queryClient = useQueryClient()
  const own = useQuery({
    queryKey: ['backpack', language],
    queryFn: () => read<List<BackpackItem>>('/v1/backpack', { language }),
  })
  const form = useForm<CollectionDraft>({
    initialValues: EMPTY,
    validate: {
      en: (en, { nl }) => (en.trim() === '' && nl.trim() === '' ? t('collections:mine.nameMissing') : null),
    },
  })
  const make = useMutation({
    mutationFn: (draft: CollectionDraft) => create<MadeCollection>('/v1/collections', asked(draft)),
    onSuccess: () => {
      form.reset()
      return queryClient.invalidateQueries({ queryKey: COLLECTIONS_KEY })
    },
  })
  const { visibility, badges } = form.values
  return (
    <Panel title={t('collections:mine.newTitle')}>
      <form onSubmit={form.onSubmit((draft) => make.mutate(draft))} noValidate>
        <Stack>
          <Group grow align="start">
            <TextInput label={t('collections:mine.nameEn')} maxLength={200} {...form.getInputProps('en')} />
            <TextInput label={t('collections:mine.nameNl')} maxLength={200} {...form.getInputProps('nl')} />
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
          <div>
            <Button type="submit" loading={make.isPending}>
              {t('collections:mine.make')}
            </Button>
          </div>
          {make.isError && <ProblemAlert error={make.error} />}
          {make.isSuccess && make.data.url !== null && (
            <Stack gap="xs">
              <Notice tone="good" role="status">
                {t('collections:mine.made')}
              </Notice>
              <CopyField label={t('collections:mine.link')} value={make.data.url} />
            </Stack>
          )}
        </Stack>
      </form>
    </Panel>
  )
}

const asked = ({ en, nl, badges, visibility, until, shareBadges }: CollectionDraft) => ({
  name: {
    ...(en.trim() === '' ? {} : { en: en.trim() }),
    ...(nl.trim() === '' ? {} : { nl: nl.trim() }),
  },
  badges,
  visibility,
  ...(visibility === 'link' && until !== ''
    ? { expiresAt: new Date(`${until}T23:59:59`).toISOString() }
    : {}),
  ...(visibility === 'private' ? {} : { shareBadges }),
})
