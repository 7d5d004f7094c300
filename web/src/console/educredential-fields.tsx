import { Checkbox, Fieldset, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import {
  ASSESSMENT_TYPES,
  PARTICIPATION_TYPES,
  SUPERVISION_TYPES,
} from '#engine/credentials/educredential.ts'
import type { AchievementDraft } from './achievement-draft.ts'

const CHOICES = {
  participationType: PARTICIPATION_TYPES,
  assessmentType: ASSESSMENT_TYPES,
  supervisionType: SUPERVISION_TYPES,
} as const

interface EducredentialFieldsProps {
  readonly form: UseFormReturnType<AchievementDraft & { readonly issuerId: string; readonly slug: string }>
}

/** Whether badges are issued by the Dutch educredential profile, and what they say by it. */
export function EducredentialFields({ form }: EducredentialFieldsProps) {
  const { t } = useTranslation()
  const none = { value: '', label: t('console:achievementStory.none') }
  return (
    <Fieldset legend={t('achievements:educredential.title')}>
      <Checkbox
        label={t('achievements:educredential.use')}
        description={t('achievements:educredential.useHint')}
        {...form.getInputProps('story.educredential.isUsed', { type: 'checkbox' })}
      />
      {form.values.story.educredential.isUsed && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
          {(['participationType', 'assessmentType', 'supervisionType'] as const).map((name) => (
            <NativeSelect
              key={name}
              label={t(`achievements:educredential.${name}`)}
              data={[
                none,
                ...CHOICES[name].map((value) => ({
                  value,
                  label: t(`achievements:educredential.words.${value}`),
                })),
              ]}
              {...form.getInputProps(`story.educredential.${name}`)}
            />
          ))}
          <NativeSelect
            label={t('achievements:educredential.identityChecked')}
            data={[
              none,
              { value: 'yes', label: t('achievements:educredential.yes') },
              { value: 'no', label: t('achievements:educredential.no') },
            ]}
            {...form.getInputProps('story.educredential.identityChecked')}
          />
          <TextInput
            label={t('achievements:educredential.educationProgramIdentifier')}
            inputMode="numeric"
            {...form.getInputProps('story.educredential.educationProgramIdentifier')}
          />
        </SimpleGrid>
      )}
    </Fieldset>
  )
}
