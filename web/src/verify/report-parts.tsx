import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import { EducredentialView } from '#web/credentials/educredential-view.tsx'
import { PersonalPartsView } from '#web/credentials/personal-parts-view.tsx'
import { AnchorBlock } from './anchor-block.tsx'
import { CheckList } from './check-list.tsx'
import { CredentialBlock } from './credential-block.tsx'
import { EndorsementReports } from './endorsement-reports.tsx'
import { NotProved } from './not-proved.tsx'
import { TrustListBlock } from './trust-list-block.tsx'
import type { WireReport } from './wire-report.ts'

interface ReportPartsProps {
  readonly report: WireReport
  readonly picture?: string | undefined
  /** Nothing else on the page shows what the report is about. */
  readonly isAlone: boolean
}

/** All that a report says below its verdict: what it is about, each check, the anchor, endorsements, what was not proved. */
export function ReportParts({ report, picture, isAlone }: ReportPartsProps) {
  const { t } = useTranslation()
  const { credential, anchor, endorsements } = report
  return (
    <>
      {isAlone && credential !== undefined && (
        <CredentialBlock credential={credential} picture={picture} isProved={isProved(report)} />
      )}
      {isAlone && credential?.parts !== undefined && <PersonalPartsView parts={credential.parts} />}
      {isAlone && credential?.achievement?.educredential !== undefined && (
        <EducredentialView profile={credential.achievement.educredential} />
      )}
      <Panel title={t('verify:checks')}>
        <CheckList about={report} checks={report.checks} isNumbered />
      </Panel>
      {anchor !== undefined && <AnchorBlock anchor={anchor} />}
      {endorsements.length > 0 && <EndorsementReports report={report} />}
      {report.trustLists !== undefined && report.trustLists.length > 0 && (
        <TrustListBlock lists={report.trustLists} />
      )}
      <NotProved statements={report.notProved} asOf={report.anchor?.asOf} />
    </>
  )
}

const isProved = ({ checks }: WireReport): boolean =>
  checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')
