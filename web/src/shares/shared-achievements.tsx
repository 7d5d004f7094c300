import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textFor } from '#web/achievements/text-for.ts'
import { create } from '#web/api/client.ts'
import type { Issuer, SharedAchievement } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useAction } from '#web/console/use-action.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'

/** What other organisations share with this one. Nothing is shown where nobody does. */
export function SharedAchievements() {
  const { t, i18n } = useTranslation()
  const { moment } = useFormat()
  const shared = useRecords<SharedAchievement>('shared-achievements')
  const [copying, setCopying] = useState<string>()
  if (shared.items === undefined || shared.items.length === 0) return null
  return (
    <Panel title={t('shares:fromOthers')}>
      <RecordList records={shared}>
        {(each) => {
          const { definition, shareId } = each
          const say = (text: Readonly<Record<string, string>>) =>
            textFor(text, i18n.language, definition.language)
          const name = say(definition.name) ?? each.achievementId
          return (
            <Record
              key={shareId}
              order={3}
              title={name}
              state={{ tone: 'quiet', label: t(`shares:kinds.${each.kind}`) }}
              facts={[
                { label: t('shares:from'), value: `${each.organisationName}, ${each.issuerName}` },
                { label: t('shares:since'), value: moment(each.sharedAt) },
                {
                  label: t('shares:version', { version: each.version }),
                  value: t(`achievements:states.${each.state}`),
                },
                { label: t('achievements:description'), value: say(definition.description) },
                { label: t('achievements:criteria'), value: say(definition.criteria) },
              ]}
              {...(each.kind === 'copy'
                ? {
                    actions: (
                      <Button
                        size="xs"
                        variant="light"
                        aria-label={`${t('shares:copy')}: ${name}`}
                        onClick={() => setCopying(shareId)}
                      >
                        {t('shares:copy')}
                      </Button>
                    ),
                  }
                : {})}
            >
              {copying === shareId && (
                <CopyForm shareId={shareId} name={name} onClose={() => setCopying(undefined)} />
              )}
            </Record>
          )
        }}
      </RecordList>
    </Panel>
  )
}

interface CopyFormProps {
  readonly shareId: string
  readonly name: string
  readonly onClose: () => void
}

function CopyForm({ shareId, name, onClose }: CopyFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const issuers = useRecords<Issuer>('issuers')
  const form = useForm({
    initialValues: { issuerId: '', slug: '' },
    validate: { issuerId: rules.required, slug: rules.slug },
  })
  const copy = useAction(
    (values: typeof form.values) =>
      create('/v1/achievements/copies', { ...values, shareId }, { organisation }),
    t('shares:copied'),
    onClose,
  )
  return (
    <FormPanel
      title={t('shares:copyTitle', { name })}
      submit={t('shares:copy')}
      isBusy={copy.isPending}
      error={copy.error}
      onSubmit={form.onSubmit((values) => copy.mutate(values))}
      onCancel={onClose}
    >
      <NativeSelect
        label={t('console:achievements.issuer')}
        required
        data={[
          { value: '', label: '' },
          ...(issuers.items ?? []).map((issuer) => ({ value: issuer.id, label: issuer.name })),
        ]}
        {...form.getInputProps('issuerId')}
      />
      <TextInput
        label={t('console:achievements.slug')}
        description={t('console:nobody.slugHint')}
        required
        {...form.getInputProps('slug')}
      />
    </FormPanel>
  )
}
