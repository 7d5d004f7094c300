import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AttestedView } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useOmissionNames } from './use-omission-names.ts'

/** Says which of the two kinds of page this is: one that rests on the word of the server, with no document behind it. */
export function AttestedNotice({ attested }: { readonly attested: AttestedView }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const names = useOmissionNames()
  return (
    <Notice tone="doubt" title={t('credentials:attested.title')}>
      <p>
        {t('credentials:attested.text', { server: new URL(attested.by).host, time: moment(attested.at) })}
      </p>
      <p>{t('credentials:attested.omitted', { what: names(attested.omitted) })}</p>
    </Notice>
  )
}

/** What is shown of the badge besides what its achievement says. */
export function AttestedParts({ attested }: { readonly attested: AttestedView }) {
  const { t } = useTranslation()
  const { narrative, results, evidence } = attested
  return (
    <>
      {narrative !== null && (
        <Panel title={t('credentials:parts.narrative')}>
          <MarkdownText text={narrative} />
        </Panel>
      )}
      {results.length > 0 && (
        <Panel title={t('credentials:parts.results')}>
          <Facts
            facts={results.map((result) => ({ label: nameOf(result), value: textOf(result, 'value') }))}
          />
        </Panel>
      )}
      {evidence.length > 0 && (
        <Panel title={t('credentials:parts.evidence')}>
          <ul>
            {evidence.map((each) => (
              <li key={JSON.stringify(each)}>
                <EvidenceName evidence={each} />
                {textOf(each, 'narrative') !== undefined && <Text>{textOf(each, 'narrative')}</Text>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function EvidenceName({ evidence }: { readonly evidence: unknown }) {
  const id = textOf(evidence, 'id')
  const name = textOf(evidence, 'name') ?? textOf(evidence, 'description') ?? id ?? ''
  return id?.startsWith('https://') === true ? (
    <Anchor href={id} rel="noreferrer nofollow">
      {name}
    </Anchor>
  ) : (
    <span>{name}</span>
  )
}

const nameOf = (result: unknown): string =>
  textOf(result, 'resultDescription')?.split('#result-').at(-1) ?? ''

function textOf(value: unknown, member: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const text: unknown = found.find(([name]) => name === member)?.[1]
  return typeof text === 'string' ? text : undefined
}
