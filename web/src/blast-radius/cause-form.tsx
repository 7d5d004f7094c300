import { Button, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, RadiusCause, Rule, Source } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { useAllRecords } from '#web/console/use-all-records.ts'
import { useRecords } from '#web/console/use-records.ts'
import { CAUSE_KINDS, type CauseKind } from './radius-cause.ts'

interface CauseFormProps {
  readonly asked: RadiusCause | undefined
  readonly onAsk: (cause: RadiusCause) => void
}

/** What is doubted: chosen from a list where there is one, else named by its id. */
export function CauseForm({ asked, onAsk }: CauseFormProps) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<CauseKind>(asked?.kind ?? 'source')
  const [id, setId] = useState(asked?.id ?? '')
  const choices = useChoices(kind, asked)
  return (
    <Panel>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (id.trim() !== '') onAsk({ kind, id: id.trim() })
        }}
      >
        <Stack>
          <NativeSelect
            label={t('blastRadius:kind')}
            value={kind}
            data={CAUSE_KINDS.map((each) => ({ value: each, label: t(`blastRadius:kinds.${each}`) }))}
            onChange={({ currentTarget }) => {
              setKind(CAUSE_KINDS.find((each) => each === currentTarget.value) ?? 'source')
              setId('')
            }}
          />
          {choices === undefined ? (
            <TextInput
              label={t('blastRadius:id')}
              description={t(`blastRadius:idHints.${kind}`)}
              required
              value={id}
              onChange={({ currentTarget }) => setId(currentTarget.value)}
            />
          ) : (
            <NativeSelect
              label={t('blastRadius:which')}
              required
              value={id}
              data={[{ value: '', label: '' }, ...choices]}
              onChange={({ currentTarget }) => setId(currentTarget.value)}
            />
          )}
          <div>
            <Button type="submit">{t('blastRadius:look')}</Button>
          </div>
        </Stack>
      </form>
    </Panel>
  )
}

interface Choice {
  readonly value: string
  readonly label: string
}

/** None for what there is no short list of: many events, and keys, which stand with their issuer. */
function useChoices(kind: CauseKind, asked: RadiusCause | undefined): readonly Choice[] | undefined {
  const listed = useListed(kind)
  // Such as a member who has left: a link leads here from what they approved.
  return listed === undefined || asked?.kind !== kind || listed.some(({ value }) => value === asked.id)
    ? listed
    : [...listed, { value: asked.id, label: asked.id }]
}

function useListed(kind: CauseKind): readonly Choice[] | undefined {
  const { t } = useTranslation()
  const { items: sources = [] } = useRecords<Source>('sources')
  const { items: rules = [] } = useRecords<Rule>('rules')
  const members = useAllRecords<Member>('members', { limit: '100' })
  switch (kind) {
    case 'source':
      return sources.map(({ id, name, uri }) => ({ value: id, label: name === '' ? uri : name }))
    case 'rule_version':
      return rules.flatMap(({ name, versions }) =>
        versions.map(({ id, version }) => ({
          value: id,
          label: t('blastRadius:ruleVersion', { name, version }),
        })),
      )
    case 'assessor': {
      const emails = new Map(members.map(({ accountId, emails: [first] }) => [accountId, first ?? accountId]))
      return [...emails].map(([accountId, email]) => ({ value: `account:${accountId}`, label: email }))
    }
    default:
      return undefined
  }
}
