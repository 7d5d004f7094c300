import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { Decision } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { Explanation } from './explanation.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

interface AwardReasonsProps {
  readonly decisionId: string
  /** Whose reasons: rows repeat the same words. */
  readonly on: string
}

/** Why a rule decided an award. Read when it is asked for: a page of awards would else read as many decisions. */
export function AwardReasons({ decisionId, on }: AwardReasonsProps) {
  const { t } = useTranslation()
  const [isOpen, reasons] = useDisclosure(false)
  const id = useId()
  return (
    <div style={{ marginTop: '0.6rem' }}>
      <Button
        size="xs"
        variant="light"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`${t(isOpen ? 'console:awards.hideWhy' : 'console:awards.why')}: ${on}`}
        onClick={reasons.toggle}
      >
        {t(isOpen ? 'console:awards.hideWhy' : 'console:awards.why')}
      </Button>
      <div id={id}>{isOpen && <Reasons decisionId={decisionId} />}</div>
    </div>
  )
}

function Reasons({ decisionId }: { readonly decisionId: string }) {
  const { id: organisation } = useOrganisation()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), 'decisions', decisionId],
    queryFn: () => read<Decision>(path`/v1/decisions/${decisionId}`, { organisation }),
  })
  if (data === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  return <Explanation words={data.words} trace={data.trace} />
}
