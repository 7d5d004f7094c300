import { Button, Checkbox, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { change, read } from '#web/api/client.ts'
import type { OrganisationSettings } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { recordsKey } from '#web/console/use-records.ts'

const PATH = '/v1/organisations/settings'

export function SettingsForm() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), 'settings'],
    queryFn: () => read<OrganisationSettings>(PATH, { organisation }),
  })
  return (
    <Panel title={t('organisation:settings')}>
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Fields key={data.revision} settings={data} />}
    </Panel>
  )
}

/** Made anew for each revision: what somebody else changed meanwhile is never written over unseen. */
function Fields({ settings }: { readonly settings: OrganisationSettings }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { revision, secondPerson, ...others } = settings
  const form = useForm({
    initialValues: {
      secondPerson: Object.entries(secondPerson).flatMap(([name, isOn]) => (isOn ? [name] : [])),
      deadRuleDays: others.deadRuleDays,
      eventRetention: others.eventRetention ?? '',
    },
  })
  const save = useAction(({ secondPerson: wanted, deadRuleDays, eventRetention }: typeof form.values) => {
    const switches = Object.keys(secondPerson).map((name) => [name, wanted.includes(name)] as const)
    const body = {
      secondPerson: Object.fromEntries(switches),
      deadRuleDays,
      eventRetention: eventRetention.trim() === '' ? null : eventRetention.trim(),
    }
    return change(PATH, body, revision, { organisation })
  }, t('organisation:settingsSaved'))
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Checkbox.Group
          label={t('organisation:secondPerson')}
          description={t('organisation:secondPersonHint')}
          {...form.getInputProps('secondPerson')}
        >
          <Stack gap="xs" mt={6}>
            {Object.keys(secondPerson).map((name) => (
              <Checkbox key={name} value={name} label={t(`organisation:second.${name}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NumberInput
          label={t('organisation:deadRuleDays')}
          description={t('organisation:deadRuleDaysHint')}
          min={1}
          max={3650}
          allowDecimal={false}
          {...form.getInputProps('deadRuleDays')}
        />
        <TextInput
          label={t('organisation:eventRetention')}
          description={t('organisation:eventRetentionHint')}
          maxLength={40}
          {...form.getInputProps('eventRetention')}
        />
        {save.error !== null && <ProblemAlert error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('organisation:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
