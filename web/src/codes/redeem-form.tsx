import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import type { ClaimAccepted, RedeemedCode } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

/** Nothing is redeemed by opening a link: the person presses. */
export function RedeemForm({ code }: { readonly code: string }) {
  const { t, i18n } = useTranslation()
  const { day } = useFormat()
  const redeem = useMutation({
    mutationFn: (text: string): Promise<ClaimAccepted | RedeemedCode> =>
      isBadgeCode(text)
        ? act<ClaimAccepted>('/v1/claims/by-code', { code: text })
        : act<RedeemedCode>('/v1/codes/redeem', { code: text }),
  })
  const form = useForm({
    initialValues: { code },
    validate: { code: (text) => (text.trim() === '' ? t('codes:missing') : null) },
  })
  if (redeem.isSuccess) {
    const again = () => {
      form.setValues({ code: '' })
      redeem.reset()
    }
    if ('credentialId' in redeem.data)
      return (
        <Stack maw="34rem" align="flex-start">
          <Notice tone="good" title={t('codes:claimed.title')} role="status">
            <p>{t('codes:claimed.text')}</p>
          </Notice>
          <LinkButton to="/">{t('codes:claimed.badges')}</LinkButton>
          <Button variant="default" onClick={again}>
            {t('codes:another')}
          </Button>
        </Stack>
      )
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
        <Button variant="default" onClick={again}>
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

/** Codes of badges that somebody awarded have four groups; those that rules know have five. */
const isBadgeCode = (text: string): boolean => text.replaceAll(/[\s-]/g, '').length === 16
