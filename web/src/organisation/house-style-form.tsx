import { Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { badgeContrast } from '#engine/achievements/badge-contrast.ts'
import { BADGE_SHAPES, type BadgeShape } from '#engine/achievements/house-style.ts'
import { read, replace } from '#web/api/client.ts'
import type { HouseStyleView } from '#web/api/wire.ts'
import { ContrastNote } from '#web/badge-builder/contrast-note.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { PictureButton, usePictureUpload } from '#web/components/picture-upload.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { HouseStylePreview } from './house-style-preview.tsx'

const PATH = '/v1/organisations/house-style'
const MOST_LEVELS = 5
const COLOURS = ['primary', 'secondary', 'text'] as const

export function HouseStyleForm() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), 'house-style'],
    queryFn: () => read<HouseStyleView>(PATH, { organisation }),
  })
  return (
    <Panel title={t('organisation:houseStyle')}>
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Fields key={data.revision} style={data} />}
    </Panel>
  )
}

/** Made anew for each revision: what somebody else changed meanwhile is never written over unseen. */
function Fields({ style }: { readonly style: HouseStyleView }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const { revision, ...initialValues } = style
  const form = useForm({
    initialValues,
    validate: { levels: { name: { nl: rules.required, en: rules.required } } },
  })
  const { colours, levels, logo } = form.values
  const save = useAction(
    (values: typeof form.values) => replace(PATH, values, { revision, query: { organisation } }),
    t('organisation:houseStyleSaved'),
  )
  const upload = usePictureUpload((id) => form.setFieldValue('logo', id))
  const [text, graphics] = badgeContrast(colours)
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">{t('organisation:houseStyleHint')}</Text>
        <HouseStylePreview style={form.values} />
        <Group align="flex-end">
          {COLOURS.map((name) => (
            <TextInput
              key={name}
              type="color"
              w={140}
              label={t(`organisation:colours.${name}`)}
              {...form.getInputProps(`colours.${name}`)}
            />
          ))}
          <NativeSelect
            label={t('organisation:shape')}
            data={BADGE_SHAPES.map((value: BadgeShape) => ({
              value,
              label: t(`organisation:shapes.${value}`),
            }))}
            {...form.getInputProps('shape')}
          />
        </Group>
        <ContrastNote finding={text} onPropose={(colour) => form.setFieldValue('colours.text', colour)} />
        <ContrastNote
          finding={graphics}
          onPropose={(colour) => form.setFieldValue('colours.secondary', colour)}
        />
        <Group>
          <PictureButton label={t('organisation:logoChoose')} upload={upload} />
          {logo !== null && (
            <Button variant="default" onClick={() => form.setFieldValue('logo', null)}>
              {t('organisation:logoRemove')}
            </Button>
          )}
          <Text size="sm" role="status">
            {logo === null ? t('organisation:logoNone') : t('organisation:logoSet', { id: logo.slice(0, 8) })}
            {upload.noteOn(logo)}
          </Text>
        </Group>
        {upload.error !== null && <ProblemAlert error={upload.error} />}
        {levels.map((_, index) => (
          <Fieldset key={index} legend={t('organisation:levelWord', { place: index + 1 })}>
            <Group align="flex-end">
              <TextInput
                label={t('organisation:levelNl')}
                required
                maxLength={40}
                {...form.getInputProps(`levels.${index}.name.nl`)}
              />
              <TextInput
                label={t('organisation:levelEn')}
                required
                maxLength={40}
                {...form.getInputProps(`levels.${index}.name.en`)}
              />
              <TextInput
                type="color"
                w={140}
                label={t('organisation:accent')}
                {...form.getInputProps(`levels.${index}.accent`)}
              />
            </Group>
          </Fieldset>
        ))}
        <Group>
          {levels.length < MOST_LEVELS && (
            <Button
              variant="default"
              onClick={() =>
                form.insertListItem('levels', { name: { nl: '', en: '' }, accent: colours.secondary })
              }
            >
              {t('organisation:levelAdd')}
            </Button>
          )}
          {levels.length > 1 && (
            <Button variant="default" onClick={() => form.removeListItem('levels', levels.length - 1)}>
              {t('organisation:levelRemove')}
            </Button>
          )}
        </Group>
        {save.error !== null && <ProblemAlert error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('organisation:houseStyleUse')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
