import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileCertificate } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readRecipient } from '#engine/verification/recipient.ts'
import { PresentationFields } from './presentation-fields.tsx'
import { type ReadInput, readFiles, readPasted } from './read-input.ts'
import type { VerifyQuestion } from './use-verify.ts'
import styles from './verify-form.module.css'

const MAX_BYTES = 10 * 1024 * 1024

interface VerifyFormProps {
  readonly isBusy: boolean
  readonly initial: string
  readonly onQuestion: (question: VerifyQuestion) => void
}

/** Takes a file, a link or a text. */
export function VerifyForm({ isBusy, initial, onQuestion }: VerifyFormProps) {
  const { t } = useTranslation()
  const [pasted, setPasted] = useState(initial)
  const [recipient, setRecipient] = useState('')
  const [challenge, setChallenge] = useState('')
  const [domain, setDomain] = useState('')
  const [fault, setFault] = useState<string>()
  const [fileFault, setFileFault] = useState<string>()

  const named = recipient.trim()
  const isRecipientWrong = named !== '' && readRecipient(named) === undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    take(readPasted(pasted), setFault)
  }
  const take = (read: ReadInput, tell: (fault: string) => void) => {
    setFault(undefined)
    setFileFault(undefined)
    if (isRecipientWrong) return
    if (read.ok)
      onQuestion({
        input: read.input,
        ...(named === '' ? {} : { recipient: named }),
        ...(challenge === '' ? {} : { challenge }),
        ...(domain === '' ? {} : { domain }),
      })
    else tell(read.code === 'receipt-alone' ? t('verify:receiptAlone') : t(`verify:paste.${read.code}`))
  }

  return (
    <Stack gap="lg">
      <TextInput
        label={t('report:recipient.label')}
        description={t('report:recipient.hint')}
        autoComplete="off"
        spellCheck={false}
        value={recipient}
        error={isRecipientWrong ? t('report:recipient.wrong') : undefined}
        onChange={({ currentTarget }) => setRecipient(currentTarget.value)}
      />
      <PresentationFields
        challenge={challenge}
        onChallenge={setChallenge}
        domain={domain}
        onDomain={setDomain}
      />
      <div>
        <Dropzone
          className={styles['zone'] ?? ''}
          onDrop={(files) => void readFiles(files).then((read) => take(read, setFileFault))}
          onReject={() => setFileFault(t('verify:drop.refused'))}
          maxSize={MAX_BYTES}
          maxFiles={2}
          disabled={isBusy}
          inputProps={{ 'aria-label': t('verify:drop.choose') }}
          aria-label={t('verify:drop.title')}
        >
          <Stack align="center" gap={6} className={styles['words'] ?? ''}>
            <IconFileCertificate size={40} stroke={1.4} aria-hidden />
            <Text fw={600} ta="center">
              {t('verify:drop.title')}
            </Text>
            <Text size="sm" c="dimmed" ta="center">
              {t('verify:drop.hint')}
            </Text>
          </Stack>
        </Dropzone>
        {fileFault !== undefined && (
          <Text c="var(--mantine-color-error)" size="sm" mt={6} role="alert">
            {fileFault}
          </Text>
        )}
      </div>
      <form onSubmit={submit}>
        <Stack gap="sm" align="flex-start">
          <Textarea
            w="100%"
            label={t('verify:paste.label')}
            placeholder={t('verify:paste.placeholder')}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            value={pasted}
            error={fault}
            onChange={({ currentTarget }) => setPasted(currentTarget.value)}
          />
          <Button type="submit" loading={isBusy}>
            {t('verify:paste.submit')}
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
