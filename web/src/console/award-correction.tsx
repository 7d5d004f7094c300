import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, postSeen, read } from '#web/api/client.ts'
import type { Achievement, Award } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { particularsDraftOf, particularsOf } from './particulars-draft.ts'
import { ParticularsFields } from './particulars-fields.tsx'
import { useAction } from './use-action.ts'
import { recordsKey } from './use-records.ts'

interface AwardCorrectionProps {
  readonly award: Award
  readonly onClose: () => void
}

/** Corrects what a badge says. What nobody touched is not named, and stays as it was. */
export function AwardCorrection({ award: newest, onClose }: AwardCorrectionProps) {
  // What was seen when the form was opened: whatever came since must not be overwritten unseen.
  const [award] = useState(newest)
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const { data: achievement } = useQuery({
    queryKey: [...recordsKey(organisation), 'achievements', award.achievementId],
    queryFn: () => read<Achievement>(path`/v1/achievements/${award.achievementId}`, { organisation }),
  })
  const described =
    achievement?.versions.find(({ id }) => id === award.achievementVersionId)?.definition
      .resultDescriptions ?? []
  const said = new Map(
    (award.correction?.results ?? award.results).map(({ resultDescription, value }) => [
      resultDescription,
      value,
    ]),
  )
  const told = award.correction?.particulars ?? award.particulars
  const before = {
    narrative: award.correction?.narrative ?? award.narrative ?? '',
    validUntil: award.validUntil === null ? '' : dayOf(award.validUntil),
    results: Object.fromEntries(said),
  }
  const form = useForm({
    initialValues: { ...before, particulars: particularsDraftOf(told), reason: '' },
    validate: {
      reason: rules.required,
      particulars: { creditsEarned: (value: string) => rules.optionalNumber(value, 10_000) },
    },
  })
  const correct = useAction<unknown, typeof form.values>(
    ({ reason, narrative, validUntil, results, particulars }) => {
      const isChanged = [...new Set([...said.keys(), ...Object.keys(results)])].some(
        (id) => (results[id] ?? '').trim() !== (said.get(id) ?? ''),
      )
      const changes = {
        ...(narrative.trim() === before.narrative ? {} : { narrative: narrative.trim() }),
        ...(validUntil === before.validUntil || validUntil === ''
          ? {}
          : { validUntil: new Date(`${validUntil}T23:59:59`).toISOString() }),
        ...(JSON.stringify(particulars) === JSON.stringify(particularsDraftOf(told))
          ? {}
          : { particulars: particularsOf(particulars, told) ?? {} }),
        ...(isChanged
          ? {
              results: Object.entries(results)
                .filter(([, value]) => value.trim() !== '')
                .map(([resultDescription, value]) => ({ resultDescription, value: value.trim() })),
            }
          : {}),
      }
      return postSeen(path`/v1/awards/${award.id}/correct`, {
        revision: award.revision,
        query: { organisation },
        body: { changes, reason: reason.trim() },
      })
    },
    t('console:awards.corrected'),
    onClose,
  )
  const inLanguage = (name: { readonly [language: string]: string }) =>
    name[i18n.language] ?? Object.values(name)[0] ?? ''
  return (
    <FormPanel
      title={t('console:awards.correctTitle')}
      submit={t('console:awards.correct')}
      isBusy={correct.isPending}
      error={correct.error}
      onSubmit={form.onSubmit((values) => correct.mutate(values))}
      onCancel={onClose}
    >
      <Textarea
        label={t('console:awards.narrative')}
        description={t('console:awards.narrativeHint')}
        maxLength={10_000}
        autosize
        minRows={2}
        {...form.getInputProps('narrative')}
      />
      {described.map(({ id, name, levels }) =>
        levels === undefined ? (
          <TextInput
            key={id}
            label={t('console:awards.result', { name: inLanguage(name) })}
            maxLength={1000}
            value={form.values.results[id] ?? ''}
            onChange={({ currentTarget }) => form.setFieldValue(`results.${id}`, currentTarget.value)}
          />
        ) : (
          <NativeSelect
            key={id}
            label={t('console:awards.result', { name: inLanguage(name) })}
            data={[
              { value: '', label: t('console:awards.noResult') },
              ...levels.map((level) => ({ value: level.id, label: inLanguage(level.name) })),
            ]}
            value={levelOf(levels, form.values.results[id])}
            onChange={({ currentTarget }) => form.setFieldValue(`results.${id}`, currentTarget.value)}
          />
        ),
      )}
      <ParticularsFields
        value={form.values.particulars}
        errors={{ creditsEarned: form.errors['particulars.creditsEarned']?.toString() }}
        onChange={(particulars) => form.setFieldValue('particulars', particulars)}
      />
      <TextInput type="date" label={t('console:awards.validUntil')} {...form.getInputProps('validUntil')} />
      <Textarea
        label={t('console:awards.reason')}
        description={t('console:awards.reasonHint')}
        required
        maxLength={1000}
        autosize
        minRows={2}
        {...form.getInputProps('reason')}
      />
    </FormPanel>
  )
}

interface Level {
  readonly id: string
  readonly level?: string | undefined
  readonly points?: string | undefined
}

/** A result may name its level by its id, by its place in a scale or by its points. */
const levelOf = (levels: readonly Level[], value: string | undefined): string =>
  (['id', 'level', 'points'] as const)
    .map((by) => levels.find((each) => each[by] === value)?.id)
    .find((id) => value !== undefined && id !== undefined) ?? ''

/** As a date field wants it: the day there where the reader is. */
function dayOf(time: string): string {
  const date = new Date(time)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
