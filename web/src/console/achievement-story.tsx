import {
  Button,
  Checkbox,
  Fieldset,
  NativeSelect,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { AchievementDraft } from './achievement-draft.ts'
import { EducredentialFields } from './educredential-fields.tsx'
import { emptyCriterion, STORY_TEXTS } from './story-draft.ts'

const TYPES = ['micro-credential', 'regular', 'extracurricular'] as const
const KINDS = ['skill', 'participation', 'membership', 'onboarding', 'fun', 'milestone'] as const
const THROUGH = ['process', 'result', 'both'] as const
const FORMS = ['on-site', 'online', 'blended'] as const
const UNITS = ['ects', 'sbu', 'hours'] as const
const EVIDENCE = [
  'test',
  'observation',
  'product',
  'portfolio',
  'presentation',
  'reflection',
  'attendance',
  'reference',
  'other',
] as const

interface AchievementStoryProps {
  readonly form: UseFormReturnType<AchievementDraft & { readonly issuerId: string; readonly slug: string }>
  readonly languages: readonly (readonly ['En' | 'Nl', string])[]
}

/** The part of the editor in which a badge says what it is for, and how it is earned, criterion by criterion. */
export function AchievementStory({ form, languages }: AchievementStoryProps) {
  const { t } = useTranslation()
  const none = { value: '', label: t('console:achievementStory.none') }
  const choices = (values: readonly string[], texts: string) => [
    none,
    ...values.map((value) => ({ value, label: t(`achievements:about.${texts}.${value}`) })),
  ]
  const both = languages.map(([key, label]) => [key.toLowerCase(), label] as const)
  return (
    <Fieldset legend={t('console:achievementStory.legend')}>
      <Stack>
        <NativeSelect
          label={t('console:achievementStory.badgeType')}
          description={t('console:achievementStory.badgeTypeHint')}
          data={[
            { value: '', label: t('console:achievementStory.noType') },
            ...TYPES.map((value) => ({ value, label: t(`achievements:about.types.${value}`) })),
          ]}
          {...form.getInputProps('story.badgeType')}
        />
        <Checkbox.Group
          label={t('console:achievementStory.recognises')}
          {...form.getInputProps('story.recognises')}
        >
          <Stack gap="xs" mt="xs">
            {KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`achievements:about.kinds.${kind}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label={t('console:achievementStory.recognisedThrough')}
          data={choices(THROUGH, 'through')}
          {...form.getInputProps('story.recognisedThrough')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {both.map(([language, label]) => (
            <Fieldset key={language} legend={label}>
              {STORY_TEXTS.map((name) => (
                <Textarea
                  key={name}
                  mt="sm"
                  label={t(`console:achievementStory.${name}`)}
                  autosize
                  {...form.getInputProps(`story.texts.${name}.${language}`)}
                />
              ))}
              <Textarea
                mt="sm"
                label={t('console:achievementStory.learningOutcomes')}
                autosize
                minRows={3}
                {...form.getInputProps(`story.learningOutcomes.${language}`)}
              />
            </Fieldset>
          ))}
        </SimpleGrid>
        <NativeSelect
          label={t('console:achievementStory.participation')}
          data={choices(FORMS, 'forms')}
          {...form.getInputProps('story.participation')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('console:achievementStory.workload')}
            inputMode="decimal"
            {...form.getInputProps('story.amount')}
          />
          <NativeSelect
            label={t('console:achievementStory.unit')}
            data={UNITS.map((value) => ({ value, label: t(`console:achievementStory.units.${value}`) }))}
            {...form.getInputProps('story.unit')}
          />
        </SimpleGrid>
        <EducredentialFields form={form} />
        <Checkbox
          label={t('achievements:embedEndorsements')}
          description={t('achievements:embedEndorsementsHint')}
          {...form.getInputProps('story.embedEndorsements', { type: 'checkbox' })}
        />
        <Checkbox
          label={t('achievements:selectiveDisclosure')}
          description={t('achievements:selectiveDisclosureHint')}
          {...form.getInputProps('story.selectiveDisclosure', { type: 'checkbox' })}
        />
        <Fieldset legend={t('console:achievementStory.items')}>
          <Stack>
            {form.values.story.items.map(({ id }, n) => (
              <Fieldset key={id} legend={t('console:achievementStory.item', { n: n + 1 })}>
                <SimpleGrid cols={{ base: 1, sm: 2 }}>
                  {both.map(([language, label]) => (
                    <div key={language}>
                      {(['text', 'measure', 'target'] as const).map((name) => (
                        <TextInput
                          key={name}
                          mt="xs"
                          label={`${t(`console:achievementStory.${name}`)} (${label})`}
                          {...form.getInputProps(`story.items.${n}.${name}.${language}`)}
                        />
                      ))}
                    </div>
                  ))}
                </SimpleGrid>
                <NativeSelect
                  mt="xs"
                  label={t('console:achievementStory.evidence')}
                  data={choices(EVIDENCE, 'evidence')}
                  {...form.getInputProps(`story.items.${n}.evidence`)}
                />
                <TextInput
                  mt="xs"
                  label={t('console:achievementStory.due')}
                  {...form.getInputProps(`story.items.${n}.due`)}
                />
                <Checkbox
                  mt="sm"
                  label={t('console:achievementStory.reviewable')}
                  {...form.getInputProps(`story.items.${n}.reviewable`, { type: 'checkbox' })}
                />
                <Button
                  mt="sm"
                  size="xs"
                  variant="default"
                  onClick={() => form.removeListItem('story.items', n)}
                >
                  {t('console:achievementStory.removeItem', { n: n + 1 })}
                </Button>
              </Fieldset>
            ))}
            <div>
              <Button variant="default" onClick={() => form.insertListItem('story.items', emptyCriterion())}>
                {t('console:achievementStory.addItem')}
              </Button>
            </div>
          </Stack>
        </Fieldset>
      </Stack>
    </Fieldset>
  )
}
