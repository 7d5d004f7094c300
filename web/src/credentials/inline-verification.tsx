import { Button, Stack } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '#web/api/api-problem.ts'
import { act } from '#web/api/client.ts'
import type { DocumentView } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ReportView } from '#web/verify/report-view.tsx'
import type { WireReport } from '#web/verify/wire-report.ts'
import { fetchReceipt, type Way } from './use-credential.ts'

interface InlineVerificationProps {
  readonly credential: DocumentView
  readonly way: Way
}

/** Checks the document that this page shows, with its receipt, and shows each check. Published endorsements the server knows. */
export function InlineVerification({ credential, way }: InlineVerificationProps) {
  const { t } = useTranslation()
  const check = useMutation({ mutationFn: () => verifyShown(credential, way) })
  return (
    <Stack>
      <div>
        <Button
          size="md"
          leftSection={<IconShieldCheck size={20} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t(check.isSuccess ? 'credentials:verifyAgain' : 'credentials:verify')}
        </Button>
      </div>
      {check.isPending && <Loading label={t('verify:checking')} />}
      {check.isError && <ProblemAlert error={check.error} />}
      {check.isSuccess && <ReportView key={check.data.checkedAt} report={check.data} />}
    </Stack>
  )
}

async function verifyShown(credential: DocumentView, way: Way): Promise<WireReport> {
  const receipt = await receiptIfReady(credential.id, way)
  return act('/v1/verify', {
    credential: credential.document,
    ...(receipt === undefined ? {} : { receipt }),
  })
}

/** A badge that is not anchored yet, or whose receipt the reader may not have, is checked without. */
async function receiptIfReady(id: string, way: Way) {
  try {
    return await fetchReceipt(id, way)
  } catch (error) {
    if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) return undefined
    throw error
  }
}
