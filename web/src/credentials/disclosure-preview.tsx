import { Button, Group, Stack, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { hasParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { act, path, type Query, withQuery } from '#web/api/client.ts'
import type { JsonDocument } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Disclosure } from '#web/components/disclosure.tsx'
import { DownloadLink } from '#web/components/download-link.tsx'
import { Facts } from '#web/components/facts.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { Notice } from '#web/components/notice.tsx'
import { PanelLevel } from '#web/components/panel-level.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { ReportView } from '#web/verify/report-view.tsx'
import type { WireReport } from '#web/verify/wire-report.ts'
import { PersonalPartsView } from './personal-parts-view.tsx'

interface DisclosurePreviewProps {
  readonly credentialId: string
  readonly document: JsonDocument
  readonly query: Query
  readonly lang: string
}

/** What others will see, as they will see it, with the files to give them and the check that they can make. */
export function DisclosurePreview({ credentialId, document, query, lang }: DisclosurePreviewProps) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const check = useMutation({ mutationFn: () => act<WireReport>('/v1/verify', { credential: document }) })
  const parts = readPersonalParts(document as JsonObject)
  const file = (format: string) =>
    withQuery(path`/v1/credentials/${credentialId}/disclosure`, { ...query, format })
  const { name, issuer, validFrom, validUntil, awardedDate } = document as Shown
  const dated = (label: string, value: string | undefined) =>
    value === undefined ? [] : [{ label, value: day(value) }]
  return (
    <PanelLevel.Provider value={3}>
      <Stack>
        <Notice tone="good" role="status">
          {t('credentials:disclose.seen')}
        </Notice>
        <Facts
          facts={[
            { label: t('credentials:what'), value: <span lang={lang}>{name}</span> },
            { label: t('credentials:issuer'), value: issuer?.name ?? '' },
            ...dated(t('credentials:disclose.validFrom'), validFrom),
            ...dated(t('credentials:disclose.validUntil'), validUntil),
            ...dated(t('credentials:awarded'), awardedDate),
          ]}
        />
        {hasParts(parts) ? (
          <PersonalPartsView parts={parts} lang={lang} />
        ) : (
          <Text>{t('credentials:disclose.bare')}</Text>
        )}
        <Disclosure summary={t('credentials:disclose.document')}>
          <JsonView value={document} label={t('credentials:disclose.document')} />
        </Disclosure>
        <Group gap="xs">
          {(['json', 'png', 'svg'] as const).map((format) => (
            <DownloadLink key={format} href={file(format)} fileName={`badge-${credentialId}-parts.${format}`}>
              {t(`credentials:disclose.files.${format}`)}
            </DownloadLink>
          ))}
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {t('credentials:disclose.check')}
          </Button>
        </Group>
        <Text>{t('credentials:disclose.give')}</Text>
        <CopyField label={t('credentials:disclose.where')} value={`${location.origin}/verify`} />
        {check.isError && <ProblemAlert error={check.error} />}
        {check.isSuccess && <ReportView key={check.data.checkedAt} report={check.data} />}
      </Stack>
    </PanelLevel.Provider>
  )
}

/** What the server derived: our own documents have these. */
interface Shown {
  readonly name?: string
  readonly issuer?: { readonly name?: string }
  readonly validFrom?: string
  readonly validUntil?: string
  readonly awardedDate?: string
}
