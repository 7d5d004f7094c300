import { Button, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { saveFile } from '#web/components/save-json.ts'
import { AnyReportView } from './any-report-view.tsx'
import type { VerifyInput } from './read-input.ts'
import { printReport, useVerify } from './use-verify.ts'
import { VerifyForm } from './verify-form.tsx'

interface VerificationProps {
  /** A link to be verified at once. */
  readonly url?: string | undefined
  /** The page around the form, as long as there is no report. */
  readonly start: (form: ReactNode) => ReactNode
}

/** One verification from what is handed in to the report. */
export function Verification({ url, start }: VerificationProps) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { mutate, data: report, error, isPending, reset, variables } = useVerify()
  const started = useRef(false)
  useEffect(() => {
    if (url === undefined || started.current) return
    started.current = true
    mutate({ input: { kind: 'link', url } })
  }, [url, mutate])
  const picture = usePicture(variables?.input)

  if (report !== undefined) {
    return (
      <Stack gap="lg">
        <AnyReportView
          report={report}
          picture={picture}
          onPrint={
            variables === undefined
              ? undefined
              : async () => saveFile('verification-report.pdf', await printReport(variables, i18n.language))
          }
        />
        <div>
          <Button
            variant="default"
            onClick={() => {
              reset()
              void navigate('/verify')
            }}
          >
            {t('verify:again')}
          </Button>
        </div>
      </Stack>
    )
  }
  return start(
    <Stack>
      <VerifyForm isBusy={isPending} initial={url ?? ''} onQuestion={(question) => mutate(question)} />
      {isPending && <Loading label={t('verify:checking')} />}
      {error !== null && <ProblemAlert error={error} />}
    </Stack>,
  )
}

/** The reader's own picture, shown from memory. */
function usePicture(input: VerifyInput | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  const picture = input === undefined || input.kind === 'link' ? undefined : input.picture
  useEffect(() => {
    if (picture === undefined) return
    const made = URL.createObjectURL(picture)
    setUrl(made)
    return () => {
      URL.revokeObjectURL(made)
      setUrl(undefined)
    }
  }, [picture])
  return url
}
