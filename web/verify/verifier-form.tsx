import { ActionIcon, Button, Checkbox, Group, List, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileCertificate, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readRecipient } from '#engine/verification/recipient.ts'
import { readIssuerName } from '#services/verify/named-issuers.ts'
import { PresentationFields } from '#web/verify/presentation-fields.tsx'
import { type Given, readGiven } from './read-given.ts'
import type { Question } from './verify-here.ts'

interface VerifierFormProps {
  readonly isBusy: boolean
  readonly onQuestion: (question: Question) => void
}

/** Takes the files, and says who may be asked and who is known. */
export function VerifierForm({ isBusy, onQuestion }: VerifierFormProps) {
  const { t } = useTranslation()
  const [given, setGiven] = useState<readonly Given[]>([])
  const [rpc, setRpc] = useState('')
  const [blockHash, setBlockHash] = useState('')
  const [trusted, setTrusted] = useState('')
  const [asksSite, setAsksSite] = useState(false)
  const [trustKeys, setTrustKeys] = useState('')
  const [recipient, setRecipient] = useState('')
  const [challenge, setChallenge] = useState('')
  const [domain, setDomain] = useState('')
  const isRpcWrong = rpc !== '' && !/^https?:$/.test(URL.parse(rpc)?.protocol ?? '')
  const hasProof = given.some(({ kind }) => kind === 'proof')

  // A new badge or receipt takes the place of the one before it.
  const take = async (files: readonly File[]) => {
    const read = await Promise.all(files.map(readGiven))
    const isReplaced = ({ kind }: Given) =>
      kind !== 'did' && kind !== 'list' && read.some((each) => each.kind === kind)
    setGiven((before) => [...before.filter((each) => !isReplaced(each)), ...read])
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isRpcWrong) return
    const named = readRecipient(recipient)
    if (recipient.trim() !== '' && named === undefined) return
    onQuestion({
      given,
      rpc,
      blockHash: blockHash.trim(),
      trusted: issuersIn(trusted),
      asksSite,
      trustKeys: trustKeys.split(/\s+/).filter((each) => each !== ''),
      ...(named === undefined ? {} : { recipient: named }),
      ...(challenge === '' ? {} : { challenge }),
      ...(domain === '' ? {} : { domain }),
    })
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <Dropzone
          onDrop={(files) => void take(files)}
          disabled={isBusy}
          inputProps={{ 'aria-label': t('verifier:files.choose') }}
          aria-label={t('verifier:files.title')}
        >
          <Stack align="center" gap={6} py="md">
            <IconFileCertificate size={40} stroke={1.4} aria-hidden />
            <Text fw={600} ta="center">
              {t('verifier:files.title')}
            </Text>
            <Text size="sm" c="dimmed" ta="center">
              {t('verifier:files.hint')}
            </Text>
          </Stack>
        </Dropzone>
        {given.length > 0 && (
          <List listStyleType="none" aria-label={t('verifier:files.list')}>
            {given.map((file, at) => (
              <List.Item key={at}>
                <Group gap="xs">
                  <Text>
                    <strong>{file.name}</strong>: {t(`verifier:kinds.${file.kind}`)}
                  </Text>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('verifier:files.remove', { name: file.name })}
                    onClick={() => setGiven(given.filter((each) => each !== file))}
                  >
                    <IconX size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              </List.Item>
            ))}
          </List>
        )}
        {hasProof ? (
          <TextInput
            label={t('verifier:blockHash.label')}
            description={t('verifier:blockHash.hint')}
            spellCheck={false}
            value={blockHash}
            onChange={({ currentTarget }) => setBlockHash(currentTarget.value)}
          />
        ) : (
          <TextInput
            label={t('verifier:rpc.label')}
            description={t('verifier:rpc.hint')}
            placeholder="https://"
            inputMode="url"
            spellCheck={false}
            value={rpc}
            error={isRpcWrong ? t('verifier:rpc.wrong') : undefined}
            onChange={({ currentTarget }) => setRpc(currentTarget.value.trim())}
          />
        )}
        <Textarea
          label={t('verifier:trusted.label')}
          description={t('verifier:trusted.hint')}
          autosize
          minRows={2}
          spellCheck={false}
          value={trusted}
          onChange={({ currentTarget }) => setTrusted(currentTarget.value)}
        />
        {given.some(({ kind }) => kind === 'list') && (
          <Textarea
            label={t('verifier:trustKeys.label')}
            description={t('verifier:trustKeys.hint')}
            autosize
            minRows={1}
            spellCheck={false}
            value={trustKeys}
            onChange={({ currentTarget }) => setTrustKeys(currentTarget.value)}
          />
        )}
        <TextInput
          label={t('report:recipient.label')}
          description={t('report:recipient.hint')}
          autoComplete="off"
          spellCheck={false}
          value={recipient}
          error={
            recipient.trim() !== '' && readRecipient(recipient) === undefined
              ? t('report:recipient.wrong')
              : undefined
          }
          onChange={({ currentTarget }) => setRecipient(currentTarget.value)}
        />
        <PresentationFields
          challenge={challenge}
          onChallenge={setChallenge}
          domain={domain}
          onDomain={setDomain}
        />
        <Checkbox
          label={t('verifier:site.label')}
          description={t('verifier:site.hint')}
          checked={asksSite}
          onChange={({ currentTarget }) => setAsksSite(currentTarget.checked)}
        />
        <div>
          <Button type="submit" loading={isBusy}>
            {t('verifier:submit')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}

/** Domains and numbers are written in either case; a DID keeps its own. */
const issuersIn = (text: string): readonly string[] =>
  text
    .split(/\s+/)
    .filter((each) => each !== '')
    .map((each) => readIssuerName(each) ?? each)
