import { Button, Fieldset, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { emptyLevel, emptyResult, hasLevels, type LevelDraft, type ResultDraft } from './result-draft.ts'

/** Of the Open Badges vocabulary; those for whole courses and rubrics are left to the API. */
const TYPES = ['RubricCriterionLevel', 'Percent', 'LetterGrade', 'RawScore', 'Status', 'Result'] as const

interface AchievementResultsProps {
  readonly value: readonly ResultDraft[]
  readonly onChange: (value: ResultDraft[]) => void
}

/** How a badge can say how well it was earned: the results that it may tell, and the levels of a rubric. */
export function AchievementResults({ value, onChange }: AchievementResultsProps) {
  const { t } = useTranslation()
  return (
    <Fieldset legend={t('console:achievementResults.legend')}>
      <Stack>
        {value.map((result, at) => (
          <ResultFields
            key={result.key}
            n={at + 1}
            value={result}
            onChange={(changed) => onChange(value.with(at, changed))}
            onRemove={() => onChange(value.toSpliced(at, 1))}
          />
        ))}
        <div>
          <Button variant="default" onClick={() => onChange([...value, emptyResult()])}>
            {t('console:achievementResults.add')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  )
}

interface FieldsProps<Draft> {
  readonly n: number
  readonly value: Draft
  readonly onChange: (value: Draft) => void
  readonly onRemove: () => void
}

function ResultFields({ n, value, onChange, onRemove }: FieldsProps<ResultDraft>) {
  const { t } = useTranslation()
  const types: readonly string[] = TYPES
  const field = (name: 'id' | 'nameEn' | 'nameNl' | 'valueMin' | 'valueMax' | 'requiredValue') => (
    <TextInput
      label={t(`console:achievementResults.${name}`)}
      maxLength={300}
      value={value[name]}
      onChange={({ currentTarget }) => onChange({ ...value, [name]: currentTarget.value })}
    />
  )
  return (
    <Fieldset legend={t('console:achievementResults.result', { n })}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {field('id')}
        <NativeSelect
          label={t('console:achievementResults.type')}
          value={value.type}
          data={[
            ...TYPES.map((type) => ({ value: type, label: t(`console:achievementResults.types.${type}`) })),
            ...(types.includes(value.type) ? [] : [{ value: value.type, label: value.type }]),
          ]}
          onChange={({ currentTarget }) => onChange({ ...value, type: currentTarget.value })}
        />
        {field('nameEn')}
        {field('nameNl')}
        {!hasLevels(value.type) && (
          <>
            {field('valueMin')}
            {field('valueMax')}
            {field('requiredValue')}
          </>
        )}
      </SimpleGrid>
      {hasLevels(value.type) && (
        <Stack mt="sm">
          {value.levels.map((level, at) => (
            <LevelFields
              key={level.key}
              n={at + 1}
              value={level}
              onChange={(changed) => onChange({ ...value, levels: value.levels.with(at, changed) })}
              onRemove={() => onChange({ ...value, levels: value.levels.toSpliced(at, 1) })}
            />
          ))}
          <div>
            <Button
              size="xs"
              variant="default"
              onClick={() => onChange({ ...value, levels: [...value.levels, emptyLevel()] })}
            >
              {t('console:achievementResults.addLevel')}
            </Button>
          </div>
          {value.levels.length > 0 && (
            <NativeSelect
              label={t('console:achievementResults.requiredLevel')}
              value={value.requiredLevel}
              data={[
                { value: '', label: t('console:achievementResults.noLevel') },
                ...value.levels
                  .filter(({ id }) => id.trim() !== '')
                  .map(({ id }) => ({ value: id.trim(), label: id.trim() })),
              ]}
              onChange={({ currentTarget }) => onChange({ ...value, requiredLevel: currentTarget.value })}
            />
          )}
        </Stack>
      )}
      <Button mt="sm" size="xs" variant="default" onClick={onRemove}>
        {t('console:achievementResults.remove', { n })}
      </Button>
    </Fieldset>
  )
}

function LevelFields({ n, value, onChange, onRemove }: FieldsProps<LevelDraft>) {
  const { t } = useTranslation()
  const names = ['id', 'level', 'nameEn', 'nameNl', 'descriptionEn', 'descriptionNl', 'points'] as const
  return (
    <Fieldset legend={t('console:achievementResults.levelOf', { n })}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {names.map((name) => (
          <TextInput
            key={name}
            label={t(`console:achievementResults.${name}`)}
            value={value[name]}
            onChange={({ currentTarget }) => onChange({ ...value, [name]: currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      <Button mt="sm" size="xs" variant="default" onClick={onRemove}>
        {t('console:achievementResults.removeLevel', { n })}
      </Button>
    </Fieldset>
  )
}
