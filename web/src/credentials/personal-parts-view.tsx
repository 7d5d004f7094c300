import { Anchor, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EvidencePart, PersonalParts, ResultPart } from '#engine/credentials/personal-parts.ts'
import { Facts } from '#web/components/facts.tsx'
import { MarkdownText } from '#web/components/markdown-text.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { useActivityPeriod } from '#web/components/use-activity-period.ts'

interface PersonalPartsViewProps {
  readonly parts: PersonalParts
  /** In which the issuer wrote them, where that is known. */
  readonly lang?: string | undefined
}

/** What a badge says of this one person: why, how well, and on what it rests. All of it is the issuer's text. */
export function PersonalPartsView({ parts, lang }: PersonalPartsViewProps) {
  const { narrative, particulars, results, evidence } = parts
  const { t } = useTranslation()
  const activityPeriod = useActivityPeriod()
  return (
    <>
      {narrative !== undefined && (
        <Panel title={t('credentials:parts.narrative')}>
          <MarkdownText text={narrative} lang={lang} />
        </Panel>
      )}
      {particulars !== undefined && (
        <Panel title={t('credentials:parts.particulars')}>
          <Facts
            facts={[
              { label: t('credentials:parts.activity'), value: activityPeriod(particulars) },
              { label: t('credentials:parts.role'), value: particulars.role, lang },
              { label: t('credentials:parts.term'), value: particulars.term, lang },
              { label: t('credentials:parts.creditsEarned'), value: particulars.creditsEarned },
              { label: t('credentials:parts.licenseNumber'), value: particulars.licenseNumber },
              { label: t('credentials:parts.source'), value: particulars.source },
            ]}
          />
        </Panel>
      )}
      {results.length > 0 && (
        <Panel title={t('credentials:parts.results')}>
          <Facts
            facts={results.map((result, at) => ({
              label: result.name === '' ? t('credentials:parts.result', { number: at + 1 }) : result.name,
              value: <Result result={result} lang={lang} />,
            }))}
          />
        </Panel>
      )}
      {evidence.length > 0 && (
        <Panel title={t('credentials:parts.evidence')}>
          <ul style={{ margin: 0, paddingInlineStart: '1.2rem', display: 'grid', gap: '0.8rem' }}>
            {evidence.map((each, at) => (
              <li key={at} {...(lang === undefined ? {} : { lang })}>
                <Evidence evidence={each} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function Result({ result, lang }: { readonly result: ResultPart; readonly lang: string | undefined }) {
  const { t } = useTranslation()
  const { level, status, value, valueMin, valueMax } = result
  const unit = result.type === 'Percent' && value !== undefined && !value.includes('%') ? ' %' : ''
  const range = { min: valueMin ?? '', max: valueMax ?? '' }
  return (
    <Stack gap={2} {...(lang === undefined ? {} : { lang })}>
      {level === undefined ? (
        value !== undefined && <strong>{`${value}${unit}`}</strong>
      ) : (
        <>
          <strong>{level.name}</strong>
          {level.description !== undefined && <span>{level.description}</span>}
        </>
      )}
      {status !== undefined && <span>{status}</span>}
      {level === undefined && valueMin !== undefined && valueMax !== undefined && (
        <Text size="sm" c="dimmed">
          {t('credentials:parts.range', range)}
        </Text>
      )}
    </Stack>
  )
}

/** Only addresses of the web are followed, and they learn nothing of this page. */
function Evidence({ evidence }: { readonly evidence: EvidencePart }) {
  const { t } = useTranslation()
  const { url, name, description, narrative, genre, audience } = evidence
  const shown = name ?? url ?? description ?? narrative ?? ''
  const isLink = url !== undefined && /^https?:\/\//i.test(url)
  return (
    <Stack gap={4} style={{ overflowWrap: 'anywhere' }}>
      <Group gap={6}>
        {isLink ? (
          <Anchor href={url} rel="noopener noreferrer nofollow">
            {shown}
          </Anchor>
        ) : (
          <strong>{shown}</strong>
        )}
        {genre !== undefined && <Pill tone="quiet">{genre}</Pill>}
      </Group>
      {!isLink && url !== undefined && url !== shown && <Text size="sm">{url}</Text>}
      {description !== undefined && description !== shown && <Text>{description}</Text>}
      {narrative !== undefined && narrative !== shown && <MarkdownText text={narrative} />}
      {audience !== undefined && (
        <Text size="sm" c="dimmed">
          {t('credentials:parts.audience', { audience })}
        </Text>
      )}
    </Stack>
  )
}
