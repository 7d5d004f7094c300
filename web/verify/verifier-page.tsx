import { Button, Group, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { ColourSchemeSwitch } from '#web/app/colour-scheme-switch.tsx'
import { LanguageSwitch } from '#web/app/language-switch.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { AnyReportView } from '#web/verify/any-report-view.tsx'
import type { WireAnyReport } from '#web/verify/wire-report.ts'
import { VerifierForm } from './verifier-form.tsx'
import { type Question, verifyHere } from './verify-here.ts'

type State =
  | { readonly kind: 'asking' | 'checking' | 'no-badge' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'done'; readonly report: WireAnyReport; readonly picture: string | undefined }

/** The whole verifier: from files to the report, in this browser. */
export function VerifierPage() {
  const { t, i18n } = useTranslation()
  const [state, setState] = useState<State>({ kind: 'asking' })
  const picture = state.kind === 'done' ? state.picture : undefined
  useEffect(() => () => (picture === undefined ? undefined : URL.revokeObjectURL(picture)), [picture])

  const verify = async (question: Question) => {
    setState({ kind: 'checking' })
    try {
      const report = await verifyHere(question)
      setState(
        report === 'no-badge' ? { kind: report } : { kind: 'done', report, picture: pictureOf(question) },
      )
    } catch (error) {
      const key = `verifier:refusals.${error instanceof WaarmerkError ? error.code : ''}`
      const reason = error instanceof Error ? error.message : String(error)
      setState({ kind: 'failed', reason: i18n.exists(key) ? t(key) : reason })
    }
  }

  return (
    <Stack gap="lg">
      <Group justify="flex-end">
        <LanguageSwitch />
        <ColourSchemeSwitch />
      </Group>
      {state.kind === 'done' ? (
        <>
          <AnyReportView report={state.report} picture={state.picture} />
          <div>
            <Button variant="default" onClick={() => setState({ kind: 'asking' })}>
              {t('verifier:again')}
            </Button>
          </div>
        </>
      ) : (
        <Page title={t('verifier:title')} lead={t('verifier:lead')}>
          <Panel>
            <VerifierForm
              isBusy={state.kind === 'checking'}
              onQuestion={(question) => void verify(question)}
            />
          </Panel>
          {state.kind === 'checking' && <Loading label={t('verifier:checking')} />}
          {state.kind === 'no-badge' && (
            <Notice tone="bad" role="alert">
              {t('verifier:files.none')}
            </Notice>
          )}
          {state.kind === 'failed' && (
            <Notice tone="bad" role="alert">
              {t('verifier:failed', { reason: state.reason })}
            </Notice>
          )}
        </Page>
      )}
    </Stack>
  )
}

/** The reader's own picture, shown from memory. */
function pictureOf({ given }: Question): string | undefined {
  const badge = given.find((each) => each.kind === 'badge')
  return badge?.picture === undefined ? undefined : URL.createObjectURL(badge.picture)
}
