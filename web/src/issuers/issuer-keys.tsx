import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { JsonDocument } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

interface Method {
  readonly id: string
  readonly publicKeyMultibase?: string
  readonly blockchainAccountId?: string
  readonly revoked?: string
}

/** The keys as every verifier reads them, from did.json. */
export function IssuerKeys({ slug }: { readonly slug: string }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const url = path`/issuers/${slug}/did.json`
  const { data, isError } = useQuery({
    queryKey: ['did', slug],
    queryFn: () => read<JsonDocument>(url),
  })
  if (data === undefined && !isError) return <Loading />
  const methods = methodsOf(data)
  const trusted = Array.isArray(data?.['assertionMethod']) ? data['assertionMethod'] : []
  return (
    <Panel title={t('issuers:keys')}>
      {isError ? (
        <Notice tone="doubt">{t('issuers:noKeys')}</Notice>
      ) : (
        <Stack>
          <Text>{t('issuers:keysLead', { url: `${location.origin}${url}` })}</Text>
          {methods.map((method) => (
            <div key={method.id}>
              <code>{method.publicKeyMultibase ?? method.blockchainAccountId ?? method.id}</code>
              <Text mt={4}>
                {method.revoked === undefined ? (
                  <Pill tone="quiet">{t(`issuers:${useOf(method, trusted)}`)}</Pill>
                ) : (
                  <Pill tone="bad">{t('issuers:revoked', { time: moment(method.revoked) })}</Pill>
                )}
              </Text>
            </div>
          ))}
        </Stack>
      )}
    </Panel>
  )
}

function useOf(method: Method, trusted: readonly unknown[]): 'anchoring' | 'signing' | 'retired' {
  if (method.blockchainAccountId !== undefined) return 'anchoring'
  return trusted.includes(method.id) ? 'signing' : 'retired'
}

function methodsOf(document: JsonDocument | undefined): readonly Method[] {
  const methods: unknown = document?.['verificationMethod']
  return Array.isArray(methods) ? methods.filter(isMethod) : []
}

const isMethod = (value: unknown): value is Method =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
