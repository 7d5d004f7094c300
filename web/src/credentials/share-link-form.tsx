import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Omission } from '#web/api/wire.ts'
import { OmissionChoice } from './omission-choice.tsx'

interface ShareLinkFormProps {
  readonly isPending: boolean
  readonly onMake: (wanted: object) => void
}

/** What a new link is called, until when it works, and what its page leaves out. */
export function ShareLinkForm({ isPending, onMake }: ShareLinkFormProps) {
  const { t } = useTranslation()
  const form = useForm<{ label: string; until: string; omits: Omission[] }>({
    initialValues: { label: '', until: '', omits: [] },
  })
  const make = ({ label, until, omits }: typeof form.values) =>
    onMake({
      ...(label.trim() === '' ? {} : { label: label.trim() }),
      // The whole of the chosen day, where the earner is.
      ...(until === '' ? {} : { expiresAt: new Date(`${until}T23:59:59`).toISOString() }),
      ...(omits.length === 0 ? {} : { omits }),
    })
  return (
    <form onSubmit={form.onSubmit(make)}>
      <Stack gap="sm">
        <Group grow align="start">
          <TextInput label={t('credentials:share.label')} maxLength={100} {...form.getInputProps('label')} />
          <TextInput type="date" label={t('credentials:share.end')} {...form.getInputProps('until')} />
        </Group>
        <OmissionChoice value={form.values.omits} onChange={(omits) => form.setFieldValue('omits', omits)} />
        <div>
          <Button
            type="submit"
            variant="light"
            leftSection={<IconLink size={18} aria-hidden />}
            loading={isPending}
          >
            {t('credentials:share.make')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
