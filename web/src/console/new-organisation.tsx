import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { Organisation } from '#web/api/wire.ts'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { SESSION } from '#web/sign-in/use-session.ts'
import { useFormRules } from './form-rules.ts'

export function NewOrganisation() {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { name: '', slug: '' },
    validate: { name: rules.required, slug: rules.slug },
  })
  const make = useMutation({
    mutationFn: (values: typeof form.values) => create<Organisation>('/v1/organisations', values),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: SESSION }),
  })
  return (
    <Page title={t('console:nobody.title')} lead={t('console:nobody.text')}>
      <Panel>
        <form onSubmit={form.onSubmit((values) => make.mutate(values))} noValidate>
          <Stack maw="30rem">
            <TextInput label={t('console:nobody.name')} required {...form.getInputProps('name')} />
            <TextInput
              label={t('console:nobody.slug')}
              description={t('console:nobody.slugHint')}
              required
              {...form.getInputProps('slug')}
            />
            <Button type="submit" loading={make.isPending}>
              {t('console:nobody.make')}
            </Button>
            {make.isError && <ProblemAlert error={make.error} />}
          </Stack>
        </form>
      </Panel>
    </Page>
  )
}
