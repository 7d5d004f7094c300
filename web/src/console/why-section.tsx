import { Button, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '#web/api/api-problem.ts'
import { path, read } from '#web/api/client.ts'
import type { Progress, Subject } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Notice, type Tone } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { Explanation } from './explanation.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { achievementName, useNamedAchievements } from './use-achievement-names.ts'

/** Looks up one person and one achievement, and says why it was awarded, or what is still missing. */
export function WhySection() {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const achievements = useNamedAchievements()
  const form = useForm({
    initialValues: { email: '', achievement: '' },
    validate: { email: rules.required, achievement: rules.required },
  })
  const look = useMutation({
    mutationFn: async ({ email, achievement }: typeof form.values) => {
      const subject = await read<Subject>('/v1/subjects', {
        organisation,
        identifier: `email:${email.trim()}`,
      })
      return read<Progress>(path`/v1/subjects/${subject.id}/progress/${achievement}`, { organisation })
    },
  })
  const isUnknown = look.error instanceof ApiProblem && look.error.status === 404
  return (
    <Stack gap="lg">
      <Panel>
        <form onSubmit={form.onSubmit((values) => look.mutate(values))} noValidate>
          <Stack maw="30rem">
            <TextInput
              label={t('console:why.email')}
              type="email"
              required
              {...form.getInputProps('email')}
            />
            <NativeSelect
              label={t('console:why.achievement')}
              required
              data={[
                { value: '', label: '' },
                ...achievements.map((each) => ({
                  value: each.id,
                  label: achievementName(each, i18n.language),
                })),
              ]}
              {...form.getInputProps('achievement')}
            />
            <Button type="submit" loading={look.isPending}>
              {t('console:why.look')}
            </Button>
          </Stack>
        </form>
      </Panel>
      {look.isPending && <Loading label={t('console:why.looking')} />}
      {isUnknown && (
        <Notice tone="quiet" role="status">
          {t('console:why.unknown')}
        </Notice>
      )}
      {look.isError && !isUnknown && <ProblemAlert error={look.error} />}
      {look.data !== undefined && <ProgressView progress={look.data} />}
    </Stack>
  )
}

function ProgressView({ progress }: { readonly progress: Progress }) {
  const { t } = useTranslation()
  return (
    <>
      <Notice tone={progress.held ? 'good' : 'quiet'} role="status">
        {t(progress.held ? 'console:why.held' : 'console:why.notHeld')}
      </Notice>
      {progress.rules.length === 0 && <Notice tone="doubt">{t('console:why.noRules')}</Notice>}
      {progress.rules.map((rule, at) => (
        <OccasionView key={at} rule={rule} />
      ))}
    </>
  )
}

type RuleProgress = Progress['rules'][number]

/** One rule, or of a rule that awards more than once, one occasion of it. */
function OccasionView({ rule }: { readonly rule: RuleProgress }) {
  const { t, i18n } = useTranslation()
  const { moment } = useFormat()
  const { award, closes, decided, limit, part, state } = rule
  const title = part.kind === 'period' ? part.title[i18n.language === 'nl' ? 'nl' : 'en'] : undefined
  const facts = [
    {
      label: decided?.outcome === 'retracted' ? t('console:why.takenBackAt') : t('console:why.metAt'),
      value: decided?.metAt && moment(decided.metAt),
    },
    { label: t('console:why.award'), value: award && t(`console:awards.states.${award.state}`) },
    { label: t('console:why.closes'), value: closes && moment(closes.at) },
    { label: t('console:why.limitUntil'), value: limit?.until && moment(limit.until) },
  ].filter(({ value }) => value)
  return (
    <Panel
      title={title === undefined ? rule.name : `${rule.name}: ${title}`}
      aside={<Pill tone={TONES[state]}>{t(`console:why.states.${state}`)}</Pill>}
    >
      {facts.length > 0 && <Facts facts={facts} />}
      <Explanation words={rule.words} trace={rule.trace} />
    </Panel>
  )
}

const TONES: Readonly<Record<RuleProgress['state'], Tone>> = {
  open: 'quiet',
  met: 'good',
  settling: 'doubt',
  closed: 'bad',
  lost: 'bad',
  awarded: 'good',
  in_review: 'doubt',
  suggested: 'doubt',
  blocked: 'bad',
}
