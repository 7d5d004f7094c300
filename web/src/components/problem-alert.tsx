import { Button, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '#web/api/api-problem.ts'
import { Notice } from './notice.tsx'

interface ProblemAlertProps {
  readonly error: unknown
  readonly onRetry?: () => void
}

/** A refusal in the reader's language, by its code; the English detail stands below where it says more. */
export function ProblemAlert({ error, onRetry }: ProblemAlertProps) {
  const { t, i18n } = useTranslation()
  const problem = error instanceof ApiProblem ? error : undefined
  const code = problem?.code ?? 'internal'
  const detail = problem?.message ?? (error instanceof Error ? error.message : '')
  const isKnown = i18n.exists(`problems:${code}`)
  return (
    <Notice tone="bad" title={t('components:problem')} role="alert">
      <Stack gap={6} align="flex-start">
        <Text>{isKnown ? t(`problems:${code}`) : detail}</Text>
        {isKnown && detail !== '' && code !== 'offline' && (
          <Text size="sm" lang="en">
            {detail}
          </Text>
        )}
        {problem !== undefined && problem.faults.length > 0 && (
          <ul lang="en">
            {problem.faults.map((fault) => (
              <li key={`${fault.pointer ?? fault.path}${fault.code}`}>
                <code>{fault.pointer ?? fault.path ?? ''}</code> {fault.message}
              </li>
            ))}
          </ul>
        )}
        {problem !== undefined && problem.status >= 500 && problem.instance !== '' && (
          <Text size="sm">{t('components:instance', { instance: problem.instance })}</Text>
        )}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('components:tryAgain')}
          </Button>
        )}
      </Stack>
    </Notice>
  )
}
