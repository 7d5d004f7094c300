import { Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { ExpertReviewRequest } from '#web/api/wire.ts'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface ExpertAnswerFormProps {
  readonly token: string
  readonly request: ExpertReviewRequest
  readonly onDone: (outcome: 'thanks' | 'declined') => void
}

const VERDICTS = ['agrees', 'agrees_with_remarks', 'disagrees'] as const

/** Answers about what was shown, or declines. Both once. */
export function ExpertAnswerForm({ token, request, onDone }: ExpertAnswerFormProps) {
  const { t } = useTranslation()
  const [isAsking, dialog] = useDisclosure(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      verdict: 'agrees' as (typeof VERDICTS)[number],
      remarks: '',
      name: '',
      organisation: '',
      qualification: '',
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('expertReviews:nameNeeded') : null),
      remarks: (remarks, { verdict }) =>
        verdict !== 'agrees' && remarks.trim() === '' ? t('expertReviews:remarksNeeded') : null,
    },
  })
  const answer = useMutation({
    mutationFn: ({ verdict, ...words }: typeof form.values) =>
      act(path`/v1/expert-review-links/${token}/answer`, {
        verdict,
        digest: request.digest,
        ...Object.fromEntries(Object.entries(words).filter(([, word]) => word.trim() !== '')),
      }),
    onSuccess: () => onDone('thanks'),
  })
  const decline = useMutation({
    mutationFn: () => act(path`/v1/expert-review-links/${token}/decline`),
    onSuccess: () => onDone('declined'),
  })
  return (
    <Panel title={t('expertReviews:answer')}>
      <form onSubmit={form.onSubmit((values) => answer.mutate(values))}>
        <Stack>
          <Radio.Group
            label={t('expertReviews:verdict')}
            key={form.key('verdict')}
            {...form.getInputProps('verdict')}
          >
            <Stack gap="xs" mt="xs">
              {VERDICTS.map((verdict) => (
                <Radio key={verdict} value={verdict} label={t(`expertReviews:verdicts.${verdict}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={t('expertReviews:remarks')}
            autosize
            minRows={3}
            key={form.key('remarks')}
            {...form.getInputProps('remarks')}
          />
          <TextInput
            label={t('expertReviews:yourName')}
            autoComplete="name"
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('expertReviews:yourOrganisation')}
            autoComplete="organization"
            key={form.key('organisation')}
            {...form.getInputProps('organisation')}
          />
          <TextInput
            label={t('expertReviews:yourQualification')}
            key={form.key('qualification')}
            {...form.getInputProps('qualification')}
          />
          <Text size="sm" c="dimmed">
            {t('expertReviews:shown')}
          </Text>
          <Group>
            <Button type="submit" size="md" loading={answer.isPending}>
              {t('expertReviews:send')}
            </Button>
            <Button size="md" variant="default" disabled={answer.isPending} onClick={dialog.open}>
              {t('expertReviews:decline')}
            </Button>
          </Group>
          {answer.isError && <ProblemAlert error={answer.error} />}
        </Stack>
      </form>
      <ConfirmDialog
        opened={isAsking}
        title={t('expertReviews:declineAsk')}
        text={t('expertReviews:declineText')}
        confirm={t('expertReviews:decline')}
        isBusy={decline.isPending}
        error={decline.error}
        onConfirm={() => decline.mutate()}
        onClose={dialog.close}
      />
    </Panel>
  )
}
