import { Checkbox, Fieldset, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { AlignmentFields } from '#web/alignments/alignment-fields.tsx'
import { create, path, replace } from '#web/api/client.ts'
import type { Achievement, AchievementVersion, Issuer } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'
import { AchievementCheck } from './achievement-check.tsx'
import { type AchievementDraft, definitionOf, draftOf, EMPTY_DRAFT } from './achievement-draft.ts'
import { AchievementImage } from './achievement-image.tsx'
import { AchievementResults } from './achievement-results.tsx'
import { AchievementStory } from './achievement-story.tsx'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'
import { useRecords } from './use-records.ts'

export type EditedAchievement =
  | { readonly kind: 'new' }
  /** A draft that is there, or a new version that begins as the last one. */
  | {
      readonly kind: 'draft' | 'version'
      readonly achievement: Achievement
      readonly version: AchievementVersion
    }

const TYPES = [
  'Badge',
  'MicroCredential',
  'Certificate',
  'Course',
  'Competency',
  'Assessment',
  'Award',
  'Achievement',
]

/** What a badge says in each of its languages. */
const WORDS = ['name', 'description', 'criteria'] as const

/** In which languages of the form badges are issued: the author's, and the other one by choice. */
const issuedIn = ({ language, story }: AchievementDraft): readonly ('En' | 'Nl')[] =>
  story.tellsBothLanguages ? ['En', 'Nl'] : [language.startsWith('nl') ? 'Nl' : 'En']

interface AchievementEditorProps {
  readonly edited: EditedAchievement
  readonly onClose: () => void
}

export function AchievementEditor({ edited, onClose }: AchievementEditorProps) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const issuers = useRecords<Issuer>('issuers')
  const before = edited.kind === 'new' ? undefined : edited.version.definition
  const form = useForm({
    initialValues: {
      issuerId: '',
      slug: '',
      // Who writes in Dutch mostly issues in Dutch.
      ...(before === undefined
        ? { ...EMPTY_DRAFT, language: i18n.language.startsWith('nl') ? 'nl' : 'en' }
        : draftOf(before)),
    },
    validate: (values) => {
      const programme = values.story.educredential
      return {
        ...(edited.kind === 'new'
          ? { issuerId: rules.required(values.issuerId), slug: rules.slug(values.slug) }
          : {}),
        ...Object.fromEntries(
          issuedIn(values).flatMap((key) =>
            WORDS.map((word) => [`${word}${key}`, rules.required(values[`${word}${key}`])]),
          ),
        ),
        criteriaUrl: rules.optionalUrl(values.criteriaUrl),
        'story.amount': rules.optionalNumber(values.story.amount, 10_000),
        ...(programme.isUsed
          ? {
              'story.educredential.educationProgramIdentifier': rules.optionalWholeNumber(
                programme.educationProgramIdentifier,
                999_999_999,
              ),
            }
          : {}),
      }
    },
  })
  // Where there is one issuer there is nothing to choose.
  const soleIssuer = issuers.items?.length === 1 ? issuers.items[0]?.id : undefined
  const needsIssuer = edited.kind === 'new' && form.values.issuerId === ''
  useEffect(() => {
    if (needsIssuer && soleIssuer !== undefined) form.setFieldValue('issuerId', soleIssuer)
  }, [needsIssuer, soleIssuer, form.setFieldValue])
  const save = useAction<unknown, typeof form.values>(
    ({ issuerId, slug, ...draft }) => {
      const definition = definitionOf(draft, before)
      if (edited.kind === 'new')
        return create('/v1/achievements', { issuerId, slug, definition }, { organisation })
      const versions = path`/v1/achievements/${edited.achievement.id}/versions`
      return edited.kind === 'version'
        ? create(versions, { definition }, { organisation })
        : replace(
            `${versions}/${edited.version.version}`,
            { definition },
            { revision: edited.version.revision, query: { organisation } },
          )
    },
    t('console:achievements.saved'),
    onClose,
  )
  const types =
    before === undefined || TYPES.includes(before.achievementType)
      ? TYPES
      : [...TYPES, before.achievementType]
  const languages = [
    ['En', t('console:achievements.inEnglish')],
    ['Nl', t('console:achievements.inDutch')],
  ] as const
  /** Whether badges have these texts. */
  const isIssued = (key: 'En' | 'Nl') => issuedIn(form.values).includes(key)
  return (
    <FormPanel
      title={t(
        `console:achievements.${edited.kind === 'new' ? 'create' : edited.kind === 'draft' ? 'edit' : 'newVersion'}`,
      )}
      submit={t('console:achievements.save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit(
        (values) => save.mutate(values),
        // The form is long, and what is wrong may be far above the button.
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
      )}
      onCancel={onClose}
    >
      {edited.kind === 'new' && (
        <>
          {issuers.items?.length === 0 && <Notice tone="doubt">{t('console:achievements.noIssuer')}</Notice>}
          <NativeSelect
            label={t('console:achievements.issuer')}
            required
            data={[
              { value: '', label: '' },
              ...(issuers.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            {...form.getInputProps('issuerId')}
          />
          <TextInput
            label={t('console:achievements.slug')}
            description={t('console:nobody.slugHint')}
            required
            {...form.getInputProps('slug')}
          />
        </>
      )}
      <NativeSelect
        label={t('console:achievements.language')}
        data={languages.map(([key, label]) => ({ value: key.toLowerCase(), label }))}
        {...form.getInputProps('language')}
      />
      <Checkbox
        label={t('achievements:bothLanguages')}
        description={t('achievements:bothLanguagesHint')}
        {...form.getInputProps('story.tellsBothLanguages', { type: 'checkbox' })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {languages.map(([key, label]) => (
          <Fieldset key={key} legend={label}>
            <TextInput
              label={t('console:achievements.name')}
              required={isIssued(key)}
              {...form.getInputProps(`name${key}`)}
            />
            <Textarea
              mt="sm"
              label={t('console:achievements.description')}
              required={isIssued(key)}
              autosize
              minRows={2}
              {...form.getInputProps(`description${key}`)}
            />
            <Textarea
              mt="sm"
              label={t('console:achievements.criteria')}
              required={isIssued(key)}
              autosize
              minRows={4}
              {...form.getInputProps(`criteria${key}`)}
            />
          </Fieldset>
        ))}
      </SimpleGrid>
      <TextInput
        label={t('console:achievements.criteriaUrl')}
        description={t('console:achievements.criteriaUrlHint')}
        type="url"
        maxLength={1000}
        {...form.getInputProps('criteriaUrl')}
      />
      <AchievementImage
        value={form.values.image}
        onChange={(image) => form.setFieldValue('image', image)}
        label={form.values.language.startsWith('nl') ? form.values.nameNl : form.values.nameEn}
        language={form.values.language}
      />
      <NativeSelect
        label={t('console:achievements.type')}
        data={types}
        {...form.getInputProps('achievementType')}
      />
      <TextInput label={t('console:achievements.tags')} {...form.getInputProps('tags')} />
      <TextInput label={t('console:achievements.validFor')} {...form.getInputProps('validFor')} />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {(['humanCode', 'fieldOfStudy', 'specialization'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`console:achievements.${name}`)}
            maxLength={name === 'humanCode' ? 100 : 300}
            {...form.getInputProps(name)}
          />
        ))}
      </SimpleGrid>
      <AchievementStory form={form} languages={languages} />
      <AchievementResults
        value={form.values.results}
        onChange={(results) => form.setFieldValue('results', results)}
        badgeName={form.values.language.startsWith('nl') ? form.values.nameNl : form.values.nameEn}
        language={form.values.language}
      />
      <AlignmentFields
        value={form.values.alignments}
        onChange={(alignments) => form.setFieldValue('alignments', alignments)}
      />
      <AchievementCheck definition={() => definitionOf(form.values, before)} />
    </FormPanel>
  )
}
