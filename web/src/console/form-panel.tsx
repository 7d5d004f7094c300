import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface FormPanelProps {
  readonly title: string
  readonly submit: string
  readonly isBusy: boolean
  readonly error: unknown
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly onCancel: () => void
  /** Beside the submit button. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** A form of the console with its buttons and its refusal. */
export function FormPanel(props: FormPanelProps) {
  const { title, submit, isBusy, error, onSubmit, onCancel, tools, children } = props
  const { t } = useTranslation()
  return (
    <Panel title={title}>
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {children}
          {error !== null && error !== undefined && <ProblemAlert error={error} />}
          <Group>
            <Button type="submit" loading={isBusy}>
              {submit}
            </Button>
            {tools}
            <Button variant="default" onClick={onCancel}>
              {t('console:form.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
