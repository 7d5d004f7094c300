import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Explanation } from '#web/console/explanation.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import type { DryRunPerson } from './dry-run-result.ts'

interface DryRunPeopleProps {
  readonly title: string
  readonly people: readonly DryRunPerson[]
}

/** Some people, each with the reasons when they are asked for. */
export function DryRunPeople({ title, people }: DryRunPeopleProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  if (people.length === 0) return null
  return (
    <div>
      <Title order={4} size="h4" mb="xs">
        {title}
      </Title>
      <Stack gap="xs">
        {people.map(({ subjectId, metAt, trace, words }, place) => (
          <Disclosure
            // What is shown of a finished list of examples stays where it is; who is not known has no name.
            key={subjectId ?? place}
            summary={
              <>
                {subjectId === undefined ? (
                  t('rules:dryRun.stranger')
                ) : (
                  <>
                    {t('rules:dryRun.person')} <code>{subjectId}</code>
                  </>
                )}
                ,{' '}
                {metAt === undefined
                  ? t('rules:dryRun.notMet')
                  : t('rules:dryRun.met', { time: moment(metAt) })}
              </>
            }
          >
            <Explanation words={words} trace={trace} />
          </Disclosure>
        ))}
      </Stack>
    </div>
  )
}
