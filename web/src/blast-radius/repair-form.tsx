import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { AwardChange, RadiusCause } from '#web/api/wire.ts'
import { useShowPrepared } from '#web/award-changes/use-show-prepared.ts'
import { NO_REASON, WhyFields, whyBody } from '#web/award-changes/why-fields.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { REPAIR_ACTIONS, type RepairAction } from './repair-action.ts'

type Verdict = 'stands' | 'falls' | 'unknown'

interface RepairFormProps {
  readonly cause: RadiusCause
  /** Of single awards. */
  readonly otherwise: ReadonlyMap<string, RepairAction>
}

/** Makes a list of what is to become of all of them, by verdict. It is confirmed like any other change of awards. */
export function RepairForm({ cause, otherwise }: RepairFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const showPrepared = useShowPrepared()
  const [perVerdict, setPerVerdict] = useState<Readonly<Record<Verdict, RepairAction>>>({
    stands: 'leave',
    falls: 'leave',
    unknown: 'leave',
  })
  const [why, setWhy] = useState(NO_REASON)
  // Only of events and sources it is worked out what would be without them.
  const verdicts: readonly Verdict[] =
    cause.kind === 'event' || cause.kind === 'source' ? ['falls', 'stands', 'unknown'] : ['unknown']
  const prepare = useAction<AwardChange>(
    () =>
      create(
        '/v1/blast-radius/repairs',
        {
          about: cause,
          perVerdict,
          awards: [...otherwise].map(([awardId, action]) => ({ awardId, action })),
          ...whyBody(why),
        },
        { organisation },
      ),
    t('awardChanges:prepared'),
    showPrepared,
  )
  return (
    <Panel title={t('blastRadius:repair')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (why.reason.trim() !== '') prepare.mutate()
        }}
      >
        <Stack>
          <Text>{t('awardChanges:prepareText')}</Text>
          {verdicts.map((verdict) => (
            <NativeSelect
              key={verdict}
              label={t(`blastRadius:verdicts.${verdict}`)}
              value={perVerdict[verdict]}
              data={REPAIR_ACTIONS.map((action) => ({
                value: action,
                label: t(`blastRadius:actions.${action}`),
              }))}
              onChange={({ currentTarget }) =>
                setPerVerdict({
                  ...perVerdict,
                  [verdict]: REPAIR_ACTIONS.find((each) => each === currentTarget.value) ?? 'leave',
                })
              }
            />
          ))}
          <WhyFields value={why} onChange={setWhy} />
          {prepare.error !== null && <ProblemAlert error={prepare.error} />}
          <div>
            <Button type="submit" loading={prepare.isPending}>
              {t('awardChanges:prepare')}
            </Button>
          </div>
        </Stack>
      </form>
    </Panel>
  )
}
