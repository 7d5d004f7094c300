import { Button, Group, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { DirectAward, DirectAwardBundle, DirectAwardState, MadeDirectAward } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { StateFilter } from '#web/console/state-filter.tsx'
import { useAchievementNames } from '#web/console/use-achievement-names.ts'
import { useRecords } from '#web/console/use-records.ts'
import { DirectAwardForm } from './direct-award-form.tsx'
import { DirectAwardListForm } from './direct-award-list-form.tsx'
import { DirectAwardRecord } from './direct-award-record.tsx'

const STATES = [
  'scheduled',
  'unaccepted',
  'claimed',
  'rejected',
  'revoked',
  'expired',
  'deleted',
] as const satisfies readonly DirectAwardState[]

/** `/console/ORGANISATION/direct-awards`: one or many badges by hand, and what became of them. */
export function DirectAwardsSection() {
  const { t } = useTranslation()
  const nameOf = useAchievementNames()
  const { id: organisation } = useOrganisation()
  const [open, setOpen] = useState<'one' | 'many'>()
  const [made, setMade] = useState<MadeDirectAward>()
  const [state, setState] = useState<DirectAwardState>()
  const awards = useRecords<DirectAward>('direct-awards', { state })
  const bundles = useRecords<DirectAwardBundle>('direct-award-bundles')
  const close = () => setOpen(undefined)
  return (
    <Stack gap="lg">
      {open === undefined && (
        <Group>
          <Button onClick={() => setOpen('one')}>{t('directAwards:one')}</Button>
          <Button variant="default" onClick={() => setOpen('many')}>
            {t('directAwards:many')}
          </Button>
        </Group>
      )}
      {open === 'one' && (
        <DirectAwardForm
          onMade={(fresh) => {
            setMade(fresh)
            close()
          }}
          onClose={close}
        />
      )}
      {open === 'many' && <DirectAwardListForm onClose={close} />}
      {made?.awardCode !== null && made?.awardCode !== undefined && (
        <>
          <Notice tone="good" role="status">
            {t('directAwards:codeShown')}
          </Notice>
          <CopyField label={t('directAwards:code')} value={made.awardCode} />
        </>
      )}
      {(bundles.items ?? []).length > 0 && (
        <>
          <Title order={2}>{t('directAwards:lists')}</Title>
          <RecordList records={bundles}>
            {(bundle) => (
              <Record
                key={bundle.id}
                order={3}
                title={bundle.name === '' ? nameOf(bundle.achievementId) : bundle.name}
                state={{
                  tone: bundle.state === 'done' ? 'good' : 'doubt',
                  label: t(`directAwards:listStates.${bundle.state}`),
                }}
                facts={[
                  { label: t('directAwards:achievement'), value: nameOf(bundle.achievementId) },
                  { label: t('directAwards:total'), value: bundle.total },
                  { label: t('directAwards:awarded'), value: bundle.awarded },
                  { label: t('directAwards:refused'), value: bundle.refused },
                  { label: t('directAwards:claimed'), value: bundle.directAwards.claimed },
                  { label: t('directAwards:open'), value: bundle.directAwards.open },
                  { label: t('directAwards:listUndo.undone'), value: bundle.undo?.undone },
                  { label: t('directAwards:listUndo.left'), value: leftOf(bundle) },
                ]}
                actions={
                  bundle.undoUntil !== null &&
                  Date.parse(bundle.undoUntil) > Date.now() && (
                    <ConfirmButton
                      label={t('directAwards:listUndo.label')}
                      on={bundle.name === '' ? nameOf(bundle.achievementId) : bundle.name}
                      title={t('directAwards:listUndo.title')}
                      text={t('directAwards:listUndo.text')}
                      done={t('directAwards:listUndo.done')}
                      run={() =>
                        act(path`/v1/direct-award-bundles/${bundle.id}/undo`, undefined, { organisation })
                      }
                    />
                  )
                }
              />
            )}
          </RecordList>
        </>
      )}
      <Title order={2}>{t('directAwards:awards')}</Title>
      <StateFilter
        label={t('directAwards:state')}
        states={STATES}
        name={(each) => t(`directAwards:states.${each}`)}
        value={state}
        onChange={setState}
      />
      <RecordList records={awards}>
        {(award) => (
          <DirectAwardRecord key={award.id} award={award} achievement={nameOf(award.achievementId)} />
        )}
      </RecordList>
    </Stack>
  )
}

/** Of an undone list: claimed, awarded too long before, or over. */
const leftOf = ({ undo }: DirectAwardBundle): number | undefined =>
  undo === null ? undefined : undo.tooLate + undo.claimed + undo.over
