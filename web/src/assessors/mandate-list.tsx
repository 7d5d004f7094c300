import { Button, Checkbox, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path, replace } from '#web/api/client.ts'
import type { AchievementDefinition, Mandate } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useAction } from '#web/console/use-action.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { useSession } from '#web/sign-in/use-session.ts'
import { MandateForm } from './mandate-form.tsx'

export type Criteria = NonNullable<AchievementDefinition['criteriaItems']>

const TONES: { readonly [State in Mandate['state']]: Tone } = {
  invited: 'doubt',
  expired: 'quiet',
  upcoming: 'quiet',
  active: 'good',
  over: 'quiet',
  left: 'quiet',
  ended: 'quiet',
}

interface MandateListProps {
  readonly achievementId: string
  /** Of the newest version: what a mandate can be for. */
  readonly criteria: Criteria
}

/** Who alone may approve awards of an achievement, and until when. */
export function MandateList({ achievementId, criteria }: MandateListProps) {
  const { t, i18n } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const own = path`/v1/achievements/${achievementId}/assessors`
  const mandates = useRecords<Mandate>(`achievements/${achievementId}/assessors`)
  const { data: session } = useSession()
  const [isGiving, setGiving] = useState(false)
  const nameOf = (id: string) => {
    const text = criteria.find((item) => item.id === id)?.text
    return text?.[i18n.language] ?? (text === undefined ? id : (Object.values(text)[0] ?? id))
  }
  return (
    <Stack mt="sm">
      <RecordList records={mandates}>
        {(mandate) => (
          <Record
            key={mandate.id}
            order={3}
            title={mandate.name}
            state={{ tone: TONES[mandate.state], label: t(`assessors:states.${mandate.state}`) }}
            facts={[
              { label: t('assessors:email'), value: mandate.email },
              { label: t('assessors:qualification'), value: mandate.qualification },
              { label: t('assessors:evidenceUrl'), value: mandate.evidenceUrl },
              {
                label: t('assessors:criteria'),
                value:
                  mandate.criteria.length === 0
                    ? t('assessors:allCriteria')
                    : mandate.criteria.map(nameOf).join(', '),
              },
              { label: t('assessors:from'), value: moment(mandate.from) },
              {
                label: t('assessors:until'),
                value: mandate.until === null ? t('assessors:noEnd') : moment(mandate.until),
              },
              {
                label: t('assessors:named'),
                value: t(mandate.showsName ? 'assessors:isNamed' : 'assessors:isNotNamed'),
              },
              { label: t('assessors:endReason'), value: mandate.end?.reason },
            ]}
            {...(mandate.state === 'ended'
              ? {}
              : {
                  actions: (
                    <>
                      {mandate.state === 'invited' && (
                        <ActionButton
                          label={t('people:resend')}
                          on={mandate.name}
                          done={t('people:sent')}
                          run={() =>
                            act(`${own}/${encodeURIComponent(mandate.id)}/resend`, undefined, {
                              organisation,
                            })
                          }
                        />
                      )}
                      <ConfirmButton
                        label={t('assessors:end')}
                        on={mandate.name}
                        title={t('assessors:endTitle')}
                        text={t('assessors:endText')}
                        done={t('assessors:wasEnded')}
                        reason={{ label: t('assessors:endReason'), hint: t('assessors:endHint') }}
                        run={({ reason }) =>
                          act(`${own}/${encodeURIComponent(mandate.id)}/end`, { reason }, { organisation })
                        }
                      />
                    </>
                  ),
                })}
          >
            {mandate.accountId !== null &&
              mandate.accountId === session?.accountId &&
              mandate.state !== 'ended' && <OwnName mandate={mandate} at={own} />}
          </Record>
        )}
      </RecordList>
      {isGiving ? (
        <MandateForm achievementId={achievementId} criteria={criteria} onClose={() => setGiving(false)} />
      ) : (
        <div>
          <Button size="xs" onClick={() => setGiving(true)}>
            {t('assessors:give')}
          </Button>
        </div>
      )}
    </Stack>
  )
}

/** Nobody but the assessors themselves can say whether they are named. */
function OwnName({ mandate, at }: { readonly mandate: Mandate; readonly at: string }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const show = useAction(
    (showsName: boolean) =>
      replace(`${at}/${encodeURIComponent(mandate.id)}/name`, { showsName }, { query: { organisation } }),
    t('assessors:nameSaved'),
  )
  return (
    <Stack gap="xs" mt="sm">
      <Checkbox
        label={t('assessors:showName')}
        description={t('assessors:showNameHint')}
        checked={show.isPending ? show.variables : mandate.showsName}
        disabled={show.isPending}
        onChange={({ currentTarget }) => show.mutate(currentTarget.checked)}
      />
      {show.isError && <ProblemAlert error={show.error} />}
    </Stack>
  )
}
