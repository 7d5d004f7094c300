import { Button, Fieldset, NativeSelect, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AchievementDefinition } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { AlignmentSearch } from './alignment-search.tsx'
import { OwnAlignment } from './own-alignment.tsx'

export type Alignment = AchievementDefinition['alignments'][number]

const BASES = ['self-assessed', 'quality-assured', 'classified'] as const
/** Levels of these say what they rest on. */
const WITH_BASIS: ReadonlySet<string | undefined> = new Set(['ext:EQF', 'ext:NLQF'])

interface AlignmentFieldsProps {
  readonly value: readonly Alignment[]
  readonly onChange: (value: Alignment[]) => void
}

/** What an achievement is aligned to: picked from the frameworks that are there, or written freely. */
export function AlignmentFields({ value, onChange }: AlignmentFieldsProps) {
  const { t } = useTranslation()
  const add = (alignment: Alignment) => {
    if (!value.some((each) => isSame(each, alignment))) onChange([...value, alignment])
  }
  const withBasis = (alignment: Alignment, wanted: string): Alignment => {
    const { basis: _basis, ...others } = alignment
    const basis = BASES.find((each) => each === wanted)
    return basis === undefined ? others : { ...others, basis }
  }
  return (
    <Fieldset legend={t('alignments:legend')}>
      <Stack>
        {value.map((alignment, at) => (
          <Fieldset key={`${alignment.targetUrl} ${alignment.targetCode}`} legend={alignment.targetName}>
            <Facts
              facts={[
                { label: t('alignments:framework'), value: alignment.targetFramework },
                { label: t('alignments:code'), value: alignment.targetCode, code: true },
                { label: t('alignments:url'), value: alignment.targetUrl, code: true },
              ]}
            />
            {WITH_BASIS.has(alignment.targetType) && (
              <NativeSelect
                mt="sm"
                label={t('alignments:basis')}
                description={t('alignments:basisHint')}
                value={alignment.basis ?? ''}
                data={[
                  { value: '', label: '' },
                  ...BASES.map((basis) => ({ value: basis, label: t(`alignments:bases.${basis}`) })),
                ]}
                onChange={({ currentTarget }) =>
                  onChange(value.with(at, withBasis(alignment, currentTarget.value)))
                }
              />
            )}
            <Button
              mt="sm"
              size="xs"
              variant="default"
              aria-label={`${t('alignments:remove')}: ${alignment.targetName}`}
              onClick={() => onChange(value.toSpliced(at, 1))}
            >
              {t('alignments:remove')}
            </Button>
          </Fieldset>
        ))}
        <AlignmentSearch onPick={add} />
        <OwnAlignment onAdd={add} />
      </Stack>
    </Fieldset>
  )
}

const isSame = (one: Alignment, other: Alignment): boolean =>
  one.targetUrl === other.targetUrl &&
  one.targetCode === other.targetCode &&
  one.targetName === other.targetName
