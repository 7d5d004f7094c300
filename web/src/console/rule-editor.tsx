import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, create, path } from '#web/api/client.ts'
import type { Job, Rule, RuleCheck, RuleVersion } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { DryRunJob } from '#web/rules/dry-run-job.tsx'
import { FormPanel } from './form-panel.tsx'
import { useOrganisation } from './organisation-context.ts'
import { RuleFindings } from './rule-findings.tsx'
import { useAction } from './use-action.ts'

/** What a new rule begins with: a rule that can be understood and filled in. */
const STARTER = {
  schema: 'waarmerk-rule/1',
  achievement: '',
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when: { event: 'course.completed', where: 'event.score >= 0.7' },
}

interface RuleEditorProps {
  /** A rule that gets a new version, or a new rule. */
  readonly edited: Rule | 'new'
  readonly onClose: () => void
  readonly onCreated?: (rule: Rule) => void
}

/** A rule document as text. Check names each fault by its place; nothing with faults can be saved. */
export function RuleEditor({ edited, onClose, onCreated }: RuleEditorProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const isNew = edited === 'new'
  const [name, setName] = useState(isNew ? '' : edited.name)
  const [text, setText] = useState(() =>
    JSON.stringify(isNew ? STARTER : edited.versions.at(-1)?.document, undefined, 2),
  )
  const [faults, setFaults] = useState<{ readonly name?: string; readonly text?: string }>({})
  const check = useMutation({
    mutationFn: (document: unknown) => act<RuleCheck>('/v1/rules/check', { document }, { organisation }),
  })
  const tryOut = useMutation({
    mutationFn: (document: unknown) =>
      create<Job>('/v1/rules/dry-runs', isNew ? { document } : { ruleId: edited.id, document }, {
        organisation,
      }),
  })
  const save = useAction<Rule | RuleVersion, unknown>(
    (document) =>
      isNew
        ? create<Rule>('/v1/rules', { name: name.trim(), document }, { organisation })
        : create<RuleVersion>(path`/v1/rules/${edited.id}/versions`, { document }, { organisation }),
    t('console:rules.saved'),
    (saved) => {
      onClose()
      if ('versions' in saved) onCreated?.(saved)
    },
  )
  const withDocument = (go: (document: unknown) => void) => {
    setFaults({})
    try {
      const document: unknown = JSON.parse(text)
      go(document)
    } catch (error) {
      setFaults({ text: t('console:rules.notJson', { reason: error instanceof Error ? error.message : '' }) })
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') setFaults({ name: t('console:form.required') })
    else withDocument((document) => save.mutate(document))
  }
  return (
    <FormPanel
      title={isNew ? t('console:rules.create') : `${t('console:rules.newVersion')}: ${edited.name}`}
      submit={t('console:rules.save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onCancel={onClose}
      tools={
        <>
          <Button
            variant="light"
            loading={check.isPending}
            onClick={() => withDocument((document) => check.mutate(document))}
          >
            {t('console:rules.check')}
          </Button>
          <Button
            variant="light"
            loading={tryOut.isPending}
            onClick={() => withDocument((document) => tryOut.mutate(document))}
          >
            {t('rules:dryRun.tryDocument')}
          </Button>
        </>
      }
    >
      {isNew && (
        <TextInput
          label={t('console:rules.name')}
          required
          value={name}
          error={faults.name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      )}
      <Textarea
        label={t('console:rules.document')}
        description={t('console:rules.documentHint')}
        autosize
        minRows={10}
        maxRows={30}
        spellCheck={false}
        styles={{ input: { fontFamily: 'ui-monospace, Menlo, Consolas, monospace' } }}
        value={text}
        error={faults.text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {check.isPending && <Loading label={t('console:rules.checking')} />}
      {check.isError && <ProblemAlert error={check.error} />}
      {check.data !== undefined && !check.isPending && <RuleFindings check={check.data} />}
      {tryOut.isError && <ProblemAlert error={tryOut.error} />}
      {tryOut.data !== undefined && (
        <DryRunJob
          key={tryOut.data.id}
          id={tryOut.data.id}
          name={name}
          versions={isNew ? [] : edited.versions}
        />
      )}
    </FormPanel>
  )
}
