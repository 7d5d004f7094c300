import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { Panel } from '#web/components/panel.tsx'

interface AlignmentsViewProps {
  readonly achievement: JsonObject
  readonly lang?: string | undefined
}

/**
 * What an achievement is aligned with, as levels of EQF and NLQF: name, framework, and what the issuer says of it, in which the basis
 * of a level stands.
 */
export function AlignmentsView({ achievement, lang }: AlignmentsViewProps) {
  const { t } = useTranslation()
  const alignments = objects(achievement['alignment'])
  if (alignments.length === 0) return null
  return (
    <Panel title={t('credentials:alignments')}>
      <ul style={{ margin: 0, paddingInlineStart: '1.2rem', display: 'grid', gap: '0.8rem' }}>
        {alignments.map((alignment, at) => (
          <li key={at} style={{ overflowWrap: 'anywhere' }} {...(lang === undefined ? {} : { lang })}>
            <Alignment alignment={alignment} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Only addresses of the web are followed, and they learn nothing of this page. */
function Alignment({ alignment }: { readonly alignment: JsonObject }) {
  const [name, url, framework, description] = ['Name', 'Url', 'Framework', 'Description'].map((part) =>
    textOf(alignment[`target${part}`]),
  )
  const shown = name ?? url ?? ''
  return (
    <>
      {url !== undefined && /^https?:\/\//i.test(url) ? (
        <Anchor href={url} rel="noopener noreferrer nofollow">
          {shown}
        </Anchor>
      ) : (
        <strong>{shown}</strong>
      )}
      {framework !== undefined && !shown.includes(framework) && ` (${framework})`}
      {description !== undefined && <Text size="sm">{description}</Text>}
    </>
  )
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const objects = (value: Json | undefined): readonly JsonObject[] =>
  (isJsonArray(value ?? null) ? (value as readonly Json[]) : [value ?? null]).filter((each) =>
    isJsonObject(each),
  )
