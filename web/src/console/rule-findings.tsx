import { useTranslation } from 'react-i18next'
import type { RuleCheck, RuleFault } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'

/** Faults and warnings, each with its place in the document. */
export function RuleFindings({ check }: { readonly check: RuleCheck }) {
  const { t } = useTranslation()
  return (
    <>
      {check.faults.length === 0 ? (
        <Notice tone="good" role="status">
          {t('console:rules.clean')}
        </Notice>
      ) : (
        <Findings tone="bad" title={t('console:rules.faults')} findings={check.faults} />
      )}
      {check.warnings.length > 0 && (
        <Findings tone="doubt" title={t('console:rules.warnings')} findings={check.warnings} />
      )}
    </>
  )
}

interface FindingsProps {
  readonly tone: 'bad' | 'doubt'
  readonly title: string
  readonly findings: readonly RuleFault[]
}

function Findings({ tone, title, findings }: FindingsProps) {
  const { t } = useTranslation()
  return (
    <Notice tone={tone} title={title} role="status">
      <ul style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
        {findings.map(({ code, path, message }) => (
          <li key={`${path} ${code} ${message}`}>
            <code>{path === '' ? t('console:rules.whole') : path}</code>: <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
