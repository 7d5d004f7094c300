import { Checkbox, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Omission } from '#web/api/wire.ts'

const OMISSIONS = ['evidence', 'results', 'narrative'] as const satisfies readonly Omission[]

interface OmissionChoiceProps {
  readonly value: readonly Omission[]
  readonly onChange: (omits: Omission[]) => void
  readonly disabled?: boolean
}

/** What a page leaves out, and what follows from it. */
export function OmissionChoice({ value, onChange, disabled = false }: OmissionChoiceProps) {
  const { t } = useTranslation()
  return (
    <Checkbox.Group
      label={t('credentials:omit.label')}
      description={t('credentials:omit.text')}
      value={[...value]}
      onChange={(chosen) => onChange(OMISSIONS.filter((each) => chosen.includes(each)))}
    >
      <Group mt="xs">
        {OMISSIONS.map((each) => (
          <Checkbox key={each} value={each} label={t(`credentials:omissions.${each}`)} disabled={disabled} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}
