import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface StateFilterProps<State extends string> {
  readonly label: string
  readonly states: readonly State[]
  readonly name: (state: State) => string
  readonly value: State | undefined
  readonly onChange: (state: State | undefined) => void
}

export function StateFilter<State extends string>(props: StateFilterProps<State>) {
  const { label, states, name, value, onChange } = props
  const { t } = useTranslation()
  return (
    <NativeSelect
      maw="18rem"
      label={label}
      value={value ?? ''}
      data={[
        { value: '', label: t('console:all') },
        ...states.map((state) => ({ value: state, label: name(state) })),
      ]}
      onChange={({ currentTarget }) => onChange(states.find((state) => state === currentTarget.value))}
    />
  )
}
