import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

/** `email`: whom we expect, where that is known. */
export function SignInForm({ email = '' }: { readonly email?: string }) {
  const { t, i18n } = useTranslation()
  const send = useMutation({
    mutationFn: (address: string) => act('/v1/sign-in-links', { email: address, language: i18n.language }),
  })
  const form = useForm({
    initialValues: { email },
    validate: {
      email: (text) => (/^\S+@\S+\.\S+$/.test(text.trim()) ? null : t('signIn:emailWrong')),
    },
  })
  if (send.isSuccess) {
    return (
      <Stack maw="34rem">
        <Notice tone="good" title={t('signIn:sent.title')} role="status">
          <p>{t('signIn:sent.text', { email: send.variables })}</p>
        </Notice>
        <Text>{t('signIn:sent.noMail')}</Text>
        <div>
          <Button variant="default" onClick={() => send.reset()}>
            {t('signIn:sent.other')}
          </Button>
        </div>
      </Stack>
    )
  }
  return (
    <Stack maw="30rem">
      <Panel>
        <form onSubmit={form.onSubmit((values) => send.mutate(values.email.trim()))} noValidate>
          <Stack>
            <TextInput
              label={t('signIn:email')}
              type="email"
              autoComplete="email"
              required
              size="md"
              {...form.getInputProps('email')}
            />
            <Button type="submit" size="md" loading={send.isPending}>
              {t('signIn:send')}
            </Button>
          </Stack>
        </form>
      </Panel>
      {send.isError && <ProblemAlert error={send.error} />}
    </Stack>
  )
}
