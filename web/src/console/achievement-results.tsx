import { Box, Button, Fieldset, NativeSelect, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AlignmentFields } from '#web/alignments/alignment-fields.tsx'
import { AchievementImage } from './achievement-image.tsx'
import { Expandable } from './expandable.tsx'
import {
  emptyLevel,
  emptyResult,
  hasLevels,
  isPictured,
  type LevelDraft,
  type ResultDraft,
} from './result-draft.ts'

/** Of the Open Badges vocabulary; those for whole courses and rubrics are left to the API. */
const TYPES = ['RubricCriterionLevel', 'Percent', 'LetterGrade', 'RawScore', 'Status', 'Result'] as const

interface AchievementResultsProps extends BadgeNamed {
  readonly value: readonly ResultDraft[]
  readonly onChange: (value: ResultDraft[]) => void
}

interface BadgeNamed {
  /** Stands on pictures that are drawn, with the name of the level. */
  readonly badgeName: string
  readonly language: string
}

/** How a badge can say how well it was earned: the results that it may tell, and the levels of a rubric. */
export function AchievementResults({ value, onChange, ...badge }: AchievementResultsProps) {
  const { t } = useTranslation()
  const pictured = value.find(isPictured)
  return (
    <Fieldset legend={t('console:achievementResults.legend')}>
      <Stack>
        {value.map((result, at) => (
          <ResultFields
            key={result.key}
            n={at + 1}
            value={result}
            canPicture={pictured === undefined || pictured === result}
            {...badge}
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

interface PictureProps extends BadgeNamed {
  /** One result has pictures of its levels, and no other. */
  readonly canPicture: boolean
}

interface FieldsProps<Draft> extends PictureProps {
  readonly n: number
  readonly value: Draft
  readonly onChange: (value: Draft) => void
  readonly onRemove: () => void
}

function ResultFields({ n, value, onChange, onRemove, ...picture }: FieldsProps<ResultDraft>) {
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
            <Textarea
              label={t('console:achievementResults.allowedValues')}
              description={t('console:achievementResults.allowedValuesHint')}
              autosize
              value={value.allowedValues}
              onChange={({ currentTarget }) => onChange({ ...value, allowedValues: currentTarget.value })}
            />
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
              {...picture}
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
      <Expandable
        show={t('console:achievementResults.align')}
        hide={t('console:achievementResults.hideAlign')}
        on={t('console:achievementResults.result', { n })}
        isOpenAtFirst={value.alignments.length > 0}
      >
        <Box mt="sm">
          <AlignmentFields
            value={value.alignments}
            onChange={(alignments) => onChange({ ...value, alignments })}
          />
        </Box>
      </Expandable>
      <Button mt="sm" size="xs" variant="default" onClick={onRemove}>
        {t('console:achievementResults.remove', { n })}
      </Button>
    </Fieldset>
  )
}

const LEVEL_FIELDS = ['id', 'level', 'nameEn', 'nameNl', 'descriptionEn', 'descriptionNl', 'points'] as const

function LevelFields(props: FieldsProps<LevelDraft>) {
  const { n, value, onChange, onRemove, canPicture, badgeName, language } = props
  const { t } = useTranslation()
  const levelName = language.startsWith('nl') ? value.nameNl : value.nameEn
  const field = (name: (typeof LEVEL_FIELDS)[number] | 'altEn' | 'altNl') => (
    <TextInput
      key={name}
      label={t(`console:achievementResults.${name}`)}
      value={value[name]}
      onChange={({ currentTarget }) => onChange({ ...value, [name]: currentTarget.value })}
    />
  )
  return (
    <Fieldset legend={t('console:achievementResults.levelOf', { n })}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>{LEVEL_FIELDS.map(field)}</SimpleGrid>
      {canPicture && (
        <Fieldset mt="sm" legend={t('console:achievementResults.picture')}>
          <Stack>
            <AchievementImage
              value={value.image}
              onChange={(image) => onChange({ ...value, image })}
              label={levelName.trim() === '' ? '' : `${badgeName.trim()}: ${levelName.trim()}`}
              language={language}
              none={t('console:achievementResults.noPicture')}
            />
            {value.image !== '' && (
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {field('altEn')}
                {field('altNl')}
              </SimpleGrid>
            )}
          </Stack>
        </Fieldset>
      )}
      <Button mt="sm" size="xs" variant="default" onClick={onRemove}>
        {t('console:achievementResults.removeLevel', { n })}
      </Button>
    </Fieldset>
  )
}
