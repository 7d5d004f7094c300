import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { DisclosureParts, JsonDocument } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { DownloadLink } from '#web/components/download-link.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { DisclosurePreview } from './disclosure-preview.tsx'

type Part = DisclosureParts['parts'][number]

/** For the earner, where the issuer lets them: parts of the badge as a badge of its own, which can be verified without the rest. */
export function DisclosurePanel({
  credentialId,
  lang,
}: {
  readonly credentialId: string
  readonly lang: string
}) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const offered = useQuery({
    queryKey: ['disclosure-parts', credentialId],
    queryFn: () => read<DisclosureParts>(path`/v1/credentials/${credentialId}/disclosure-parts`),
  })
  const preview = useMutation({
    mutationFn: async (parts: string) => ({
      parts,
      document: await read<JsonDocument>(path`/v1/credentials/${credentialId}/disclosure`, queryOf(parts)),
    }),
  })
  // Where it cannot be told, the page of a badge is none the less.
  if (offered.data?.allowed !== true) return null
  const { parts } = offered.data
  const choose = (next: readonly string[]) => {
    setChosen(next)
    // What stands below would be of another choice.
    preview.reset()
  }
  return (
    <Panel title={t('credentials:disclose.title')}>
      <Stack>
        <Text>{t('credentials:disclose.lead')}</Text>
        <Text>{t('credentials:disclose.always')}</Text>
        {parts.length === 0 ? (
          <Text>{t('credentials:disclose.none')}</Text>
        ) : (
          <Checkbox.Group
            label={t('credentials:disclose.choose')}
            value={[...chosen]}
            onChange={(next) => choose(parts.map(({ id }) => id).filter((id) => next.includes(id)))}
          >
            <Stack gap="xs" mt="xs">
              {parts.map((part) => (
                <PartChoice key={part.id} part={part} among={parts} lang={lang} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <div>
          <Button
            variant="light"
            leftSection={<IconEye size={18} aria-hidden />}
            loading={preview.isPending}
            onClick={() => preview.mutate(chosen.join(','))}
          >
            {t('credentials:disclose.preview')}
          </Button>
        </div>
        {preview.isError && <ProblemAlert error={preview.error} />}
        {preview.data !== undefined && (
          <DisclosurePreview
            key={preview.data.parts}
            credentialId={credentialId}
            document={preview.data.document}
            query={queryOf(preview.data.parts)}
            lang={lang}
          />
        )}
        <Disclosure summary={t('credentials:disclose.wallet.title')}>
          <Stack gap="sm">
            <Text>{t('credentials:disclose.wallet.text')}</Text>
            <div>
              <DownloadLink
                href={path`/v1/credentials/${credentialId}/disclosure-base`}
                fileName={`badge-${credentialId}-base.json`}
              >
                {t('credentials:disclose.wallet.download')}
              </DownloadLink>
            </div>
          </Stack>
        </Disclosure>
      </Stack>
    </Panel>
  )
}

const queryOf = (parts: string) => (parts === '' ? {} : { parts })

/** A choice is told by what it is, and by its number where there are several. */
function PartChoice({
  part,
  among,
  lang,
}: {
  readonly part: Part
  readonly among: readonly Part[]
  readonly lang: string
}) {
  const { t } = useTranslation()
  const { id, kind, name, says } = part
  const alike = among.filter((each) => each.kind === kind)
  const number = alike.length > 1 ? ` ${alike.indexOf(part) + 1}` : ''
  const text = [name, says].filter((each) => each !== null).join(': ')
  return (
    <Checkbox
      value={id}
      label={`${t(`credentials:disclose.kinds.${kind}`)}${number}`}
      description={
        text === '' ? undefined : (
          <Text span size="sm" lineClamp={3} lang={lang} style={{ overflowWrap: 'anywhere' }}>
            {text}
          </Text>
        )
      }
    />
  )
}
