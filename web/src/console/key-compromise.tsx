import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Compromise, IssuerWithKeys } from '#web/api/wire.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { JobBar } from '#web/rules/job-bar.tsx'
import { isOpen, useJob } from '#web/rules/use-job.ts'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

interface KeyCompromiseProps {
  readonly issuerId: string
  readonly signingKey: IssuerWithKeys['keys'][number]
  readonly onSaid: (jobId: string | null) => void
}

/** Says since when a signing key is in wrong hands; what nobody witnessed before is issued again. */
export function KeyCompromise({ issuerId, signingKey, onSaid }: KeyCompromiseProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const rules = useFormRules()
  const { id: organisation } = useOrganisation()
  const [isAsking, setAsking] = useState(false)
  const [first, opener] = [useRef<HTMLInputElement>(null), useRef<HTMLButtonElement>(null)]
  useFocusBetween(isAsking, first, opener)
  const form = useForm({
    initialValues: { since: '', reason: '' },
    validate: { since: rules.required, reason: rules.required },
  })
  const say = useAction<Compromise, typeof form.values>(
    ({ since, reason }) =>
      act(
        path`/v1/issuers/${issuerId}/keys/${signingKey.id}/compromise`,
        { since: new Date(since).toISOString(), reason },
        { organisation },
      ),
    t('console:issuers.stolenSaid'),
    ({ jobId }) => {
      setAsking(false)
      onSaid(jobId)
    },
  )
  const label = t('console:issuers.stolen')
  if (!isAsking)
    return (
      <Button
        ref={opener}
        size="xs"
        variant="default"
        aria-label={`${label}: ${moment(signingKey.createdAt)}`}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
    )
  return (
    <FormPanel
      title={label}
      submit={t('console:issuers.sayStolen')}
      isBusy={say.isPending}
      error={say.error}
      onSubmit={form.onSubmit(
        (values) => say.mutate(values),
        (wrong) => form.getInputNode('since' in wrong ? 'since' : 'reason')?.focus(),
      )}
      onCancel={() => setAsking(false)}
    >
      <Text size="sm">{t('console:issuers.stolenText')}</Text>
      <TextInput
        ref={first}
        type="datetime-local"
        step={1}
        label={t('console:issuers.stolenSince')}
        required
        {...form.getInputProps('since')}
      />
      <Textarea
        label={t('console:issuers.stolenReason')}
        description={t('console:issuers.stolenReasonHint')}
        maxLength={500}
        required
        autosize
        {...form.getInputProps('reason')}
      />
    </FormPanel>
  )
}

/** Button and form stand in for each other: whoever opened one by keyboard goes on in it, and finds the button again after it. */
function useFocusBetween(
  isOpen: boolean,
  first: RefObject<HTMLElement | null>,
  opener: RefObject<HTMLElement | null>,
): void {
  const wasOpen = useRef(false)
  useEffect(() => {
    if (isOpen) first.current?.focus()
    else if (wasOpen.current) opener.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen, first, opener])
}

/** How far issuing again is, and what came of it. */
export function ReissueProgress({ jobId }: { readonly jobId: string }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { data: job } = useJob(jobId)
  if (job === undefined) return null
  const { done, total } = job.progress
  const count = (name: string) => number(Number(job.result?.[name] ?? 0))
  const words = isOpen(job)
    ? t('console:issuers.reissuing', { done: number(done), total: number(total) })
    : t('console:issuers.reissued', {
        reissue: count('reissue'),
        anchored: count('anchored'),
        left: count('left'),
      })
  const elsewhere = Number(job.result?.['signedOverVcApi'] ?? 0)
  return (
    <Stack gap="xs" role="status">
      <JobBar job={job} words={words} />
      {elsewhere > 0 && <Text size="sm">{t('console:issuers.elsewhere', { count: elsewhere })}</Text>}
    </Stack>
  )
}
