import { Fieldset, SimpleGrid, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PARTICULAR_FIELDS, type ParticularsDraft } from './particulars-draft.ts'

interface ParticularsFieldsProps {
  readonly value: ParticularsDraft
  readonly onChange: (value: ParticularsDraft) => void
  /** By the name of the field. */
  readonly errors?: Partial<Record<keyof ParticularsDraft, string | undefined>>
}

/** What a badge says of the activity of one person: when it was, in which role and term, its credits and its number. */
export function ParticularsFields({ value, onChange, errors = {} }: ParticularsFieldsProps) {
  const { t } = useTranslation()
  return (
    <Fieldset legend={t('directAwards:particulars.legend')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {PARTICULAR_FIELDS.map((name) => (
          <TextInput
            key={name}
            label={t(`directAwards:particulars.${name}`)}
            maxLength={200}
            error={errors[name]}
            {...(name.startsWith('activity') ? { type: 'date' } : {})}
            {...(name === 'creditsEarned' ? { inputMode: 'decimal' as const } : {})}
            value={value[name]}
            onChange={({ currentTarget }) => onChange({ ...value, [name]: currentTarget.value })}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  )
}
