import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import type { RedeemedCode } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

/** Nothing is redeemed by opening a link: the person presses. */
export function RedeemForm({ code }: { readonly code: string }) {
  const { t, i18n } = useTranslation()
  const { day } = useFormat()
  const redeem = useMutation({
    mutationFn: (text: string) => act<RedeemedCode>('/v1/codes/redeem', { code: text }),
  })
  const form = useForm({
    initialValues: { code },
    validate: { code: (text) => (text.trim() === '' ? t('codes:missing') : null) },
  })
  if (redeem.isSuccess) {
    const { outcome, name, redeemedAt } = redeem.data
    const words = {
      name: name[i18n.language] ?? name['en'] ?? Object.values(name)[0] ?? '',
      day: day(redeemedAt),
    }
    return (
      <Stack maw="34rem" align="flex-start">
        <Notice tone="good" title={t(`codes:${outcome}.title`)} role="status">
          <p>{t(`codes:${outcome}.text`, words)}</p>
        </Notice>
        <Text>{t('codes:next')}</Text>
        <Button
          variant="default"
          onClick={() => {
            form.setValues({ code: '' })
            redeem.reset()
          }}
        >
          {t('codes:another')}
        </Button>
      </Stack>
    )
  }
  return (
    <Stack maw="30rem">
      <Panel>
        <form onSubmit={form.onSubmit(({ code: text }) => redeem.mutate(text.trim()))} noValidate>
          <Stack>
            <TextInput
              label={t('codes:code')}
              description={t('codes:hint')}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={200}
              required
              size="md"
              {...form.getInputProps('code')}
            />
            <Button type="submit" size="md" loading={redeem.isPending}>
              {t('codes:redeem')}
            </Button>
          </Stack>
        </form>
      </Panel>
      {redeem.isError && <ProblemAlert error={redeem.error} />}
    </Stack>
  )
}
