import { Button, Code, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path, removeSeen, replace } from '#web/api/client.ts'
import type { MailPreview, MailTemplate } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'

/** Words one kind of mail in one language, and shows as it is written how the mail would look. */
export function MailTemplateEditor({ template }: { readonly template: MailTemplate }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { kind, language, revision } = template
  const [texts, setTexts] = useState({ subject: template.subject, text: template.text })
  const own = path`/v1/notification-templates/${kind}/${language}`
  const seen = { revision, query: { organisation } }
  const save = useAction(() => replace<MailTemplate>(own, texts, seen), t('mailTemplates:saved'))
  const reset = useAction(() => removeSeen(own, seen), t('mailTemplates:wasReset'))

  const [settled] = useDebouncedValue(texts, 300)
  const preview = useQuery({
    queryKey: ['mail-preview', organisation, kind, language, settled],
    queryFn: () => act<MailPreview>(`${own}/preview`, settled, { organisation }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const error = save.error ?? reset.error ?? preview.error
  return (
    <Panel title={template.description}>
      <Stack>
        <Text size="sm">{t(template.isStandard ? 'mailTemplates:standard' : 'mailTemplates:changed')}</Text>
        <TextInput
          label={t('mailTemplates:subject')}
          maxLength={200}
          value={texts.subject}
          onChange={(event) => setTexts({ ...texts, subject: event.currentTarget.value })}
        />
        <Textarea
          label={t('mailTemplates:text')}
          description={t('mailTemplates:textHint', {
            interpolation: { skipOnVariables: true },
            link: '{{link}}',
          })}
          autosize
          minRows={8}
          maxLength={10_000}
          value={texts.text}
          onChange={(event) => setTexts({ ...texts, text: event.currentTarget.value })}
        />
        <Disclosure summary={t('mailTemplates:variables')}>
          <Stack gap="xs">
            {template.variables.map(({ name, type, description }) => (
              <Text key={name} size="sm">
                <Code>{type === 'flag' ? `{{#${name}}}…{{/${name}}}` : `{{${name}}}`}</Code> {description}
              </Text>
            ))}
          </Stack>
        </Disclosure>
        {error !== null && <ProblemAlert error={error} />}
        <Group>
          <Button onClick={() => save.mutate()} loading={save.isPending}>
            {t('mailTemplates:save')}
          </Button>
          {!template.isStandard && (
            <Button variant="default" onClick={() => reset.mutate()} loading={reset.isPending}>
              {t('mailTemplates:reset')}
            </Button>
          )}
        </Group>
        {preview.data !== undefined && (
          <section aria-label={t('mailTemplates:preview')}>
            <Text fw={600}>{t('mailTemplates:preview')}</Text>
            <Text>{preview.data.subject}</Text>
            {/* Sandboxed: it is a mail, and runs nothing here. */}
            <iframe
              title={t('mailTemplates:preview')}
              sandbox=""
              srcDoc={preview.data.html}
              style={{ width: '100%', height: 320, border: '1px solid #ccc', background: '#fff' }}
            />
            <Disclosure summary={t('mailTemplates:asText')}>
              <Text style={{ whiteSpace: 'pre-wrap' }}>{preview.data.text}</Text>
            </Disclosure>
          </section>
        )}
      </Stack>
    </Panel>
  )
}
