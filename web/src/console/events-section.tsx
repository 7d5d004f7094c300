import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { EventState, LearningEvent } from '#web/api/wire.ts'
import { RadiusLink } from '#web/blast-radius/radius-link.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { StateFilter } from './state-filter.tsx'
import { useRecords } from './use-records.ts'

const TONES: { readonly [State in EventState]: Tone } = {
  received: 'quiet',
  evaluated: 'good',
  unmatched: 'quiet',
  quarantined: 'doubt',
}

const STATES = ['received', 'evaluated', 'unmatched', 'quarantined'] as const

export function EventsSection() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const [state, setState] = useState<EventState>()
  const events = useRecords<LearningEvent>('events', { state })
  return (
    <Stack gap="lg">
      <StateFilter
        label={t('console:state')}
        states={STATES}
        name={(each) => t(`console:events.states.${each}`)}
        value={state}
        onChange={setState}
      />
      <RecordList records={events}>
        {(event) => (
          <Record
            key={event.id}
            title={event.type}
            state={{ tone: TONES[event.state], label: t(`console:events.states.${event.state}`) }}
            facts={[
              { label: t('console:events.actor'), value: `${event.actor.type}:${event.actor.value}` },
              { label: t('console:events.time'), value: moment(event.time) },
              { label: t('console:events.received'), value: moment(event.receivedAt) },
              { label: t('console:events.source'), value: event.source },
              { label: t('console:events.sourceId'), value: event.sourceId, code: true },
              { label: t('console:events.activity'), value: event.activity },
              {
                label: t('console:events.score'),
                value: event.score === null ? undefined : String(event.score),
              },
              { label: t('console:events.why'), value: event.quarantineCode, code: true },
              { label: t('console:state'), value: event.parked ? t('console:events.parked') : undefined },
            ]}
            actions={
              <>
                {event.state === 'evaluated' && (
                  <RadiusLink cause={{ kind: 'event', id: event.id }} on={event.sourceId} />
                )}
                {event.state === 'quarantined' && (
                  <ConfirmButton
                    label={t('console:events.replay')}
                    on={event.sourceId}
                    title={t('console:events.replayTitle')}
                    done={t('console:events.replayed')}
                    check={t('console:events.createSubject')}
                    run={({ isChecked }) =>
                      act(path`/v1/events/${event.id}/replay`, { createSubject: isChecked }, { organisation })
                    }
                  />
                )}
              </>
            }
          />
        )}
      </RecordList>
    </Stack>
  )
}
