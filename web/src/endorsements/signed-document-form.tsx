import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, postBytes } from '#web/api/client.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface SignedDocumentFormProps {
  readonly token: string
  readonly onAccepted: () => void
}

export function SignedDocumentForm({ token, onAccepted }: SignedDocumentFormProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string>()
  const send = useMutation({
    mutationFn: (credential: string) =>
      // The text goes as it is: read and written again here, a signed document could change.
      postBytes(
        path`/v1/endorsement-requests/${token}/signature`,
        `{"credential":${isToken(credential) ? JSON.stringify(credential.trim()) : credential}}`,
        'application/json',
      ),
    onSuccess: onAccepted,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = isToken(text) ? undefined : jsonFault(text)
    if (text.trim() === '') setFault(t('endorsements:signed.empty'))
    else if (problem !== undefined) setFault(t('endorsements:signed.notJson', { reason: problem }))
    else {
      setFault(undefined)
      send.mutate(text)
    }
  }
  return (
    <Panel title={t('endorsements:signed.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Textarea
            label={t('endorsements:signed.label')}
            autosize
            minRows={5}
            maxRows={16}
            spellCheck={false}
            styles={{ input: { fontFamily: 'ui-monospace, Menlo, Consolas, monospace' } }}
            value={text}
            error={fault}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Group>
            <FileButton
              accept="application/json,.json,.jsonld,application/jwt,.jwt,.jws"
              onChange={(file) => void file?.text().then(setText)}
            >
              {(props) => (
                <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} {...props}>
                  {t('endorsements:signed.file')}
                </Button>
              )}
            </FileButton>
            <Button type="submit" loading={send.isPending}>
              {t('endorsements:signed.send')}
            </Button>
          </Group>
          {send.isError && <ProblemAlert error={send.error} />}
        </Stack>
      </form>
    </Panel>
  )
}

/** A compact JWS, which is letters and two dots. */
const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text.trim())

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown'
  }
}
