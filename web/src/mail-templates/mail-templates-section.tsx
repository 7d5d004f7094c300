import { Group, NativeSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailTemplate } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { MailTemplateEditor } from './mail-template-editor.tsx'

/** `/console/ORGANISATION/mail-templates`: how the mails in the organisation's name are worded. */
export function MailTemplatesSection() {
  const { t, i18n } = useTranslation()
  const templates = useRecords<MailTemplate>('notification-templates')
  const [kind, setKind] = useState('claim')
  const [language, setLanguage] = useState(i18n.language.startsWith('nl') ? 'nl' : 'en')
  if (templates.error !== null)
    return <ProblemAlert error={templates.error} onRetry={() => templates.refetch()} />
  if (templates.items === undefined) return <Loading />
  const inLanguage = templates.items.filter((each) => each.language === language)
  const chosen = inLanguage.find((each) => each.kind === kind) ?? inLanguage[0]
  return (
    <Stack gap="lg">
      <Group align="end">
        <NativeSelect
          label={t('mailTemplates:choose')}
          value={chosen?.kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={inLanguage.map((each) => ({ value: each.kind, label: each.description }))}
        />
        <NativeSelect
          label={t('mailTemplates:language')}
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
          data={['nl', 'en'].map((each) => ({ value: each, label: t(`mailTemplates:languages.${each}`) }))}
        />
      </Group>
      {chosen !== undefined && (
        <MailTemplateEditor key={`${chosen.kind}.${chosen.language}.${chosen.revision}`} template={chosen} />
      )}
    </Stack>
  )
}
