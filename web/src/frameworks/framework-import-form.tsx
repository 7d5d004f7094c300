import { Fieldset, FileInput, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { postBytes } from '#web/api/client.ts'
import type { Job } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { filled, useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { readColumns } from './file-columns.ts'

const FORMATS = ['esco', 'table', 'case'] as const
type Format = (typeof FORMATS)[number]
const COLUMNS = ['code', 'name', 'url'] as const

const USUAL_FIELDS = ['name', 'framework', 'targetType', 'publisher', 'source'] as const

/** What is known of a format, for fields that nobody has filled in. */
const USUAL: Readonly<Record<Format, Partial<Record<(typeof USUAL_FIELDS)[number], string>>>> = {
  esco: {
    name: 'ESCO',
    framework: 'esco-skills',
    targetType: 'ext:ESCO',
    publisher: 'European Commission',
    source: 'https://esco.ec.europa.eu/',
  },
  table: {},
  case: { targetType: 'CFItem' },
}

/** What a file does not say of itself is asked for; the columns of a table are those that stand in it. */
export function FrameworkImportForm({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const [columns, setColumns] = useState<readonly string[]>([])
  const form = useForm({
    initialValues: {
      file: null as File | null,
      format: 'esco' as Format,
      name: '',
      framework: '',
      targetType: '',
      publisher: '',
      source: '',
      licence: '',
      edition: '',
      language: i18n.language,
      codeColumn: '',
      nameColumn: '',
      urlColumn: '',
      ...USUAL.esco,
    },
    validate: {
      file: (file) => (file === null ? t('frameworks:fileNeeded') : null),
      name: rules.required,
      framework: rules.slug,
      targetType: (type) =>
        /^(?:CF[A-Za-z]+|ceterms:[a-zA-Z]+|ext:[a-zA-Z0-9_-]+)$/.test(type) ? null : t('console:form.wrong'),
      publisher: rules.required,
      source: (source) => rules.required(source) ?? rules.optionalUrl(source),
      licence: rules.required,
      edition: rules.required,
      language: rules.required,
      codeColumn: (column, { format }) => (format === 'table' ? rules.required(column) : null),
      nameColumn: (column, { format }) => (format === 'table' ? rules.required(column) : null),
    },
  })
  const { format } = form.values
  const start = useAction<Job, typeof form.values>(
    ({ file, codeColumn, nameColumn, urlColumn, ...described }) =>
      postBytes(
        '/v1/frameworks/imports',
        file ?? new Blob(),
        described.format === 'case' ? 'application/octet-stream' : 'text/csv',
        {
          organisation,
          ...filled(described),
          ...(described.format === 'table' ? filled({ codeColumn, nameColumn, urlColumn }) : {}),
        },
      ),
    t('frameworks:started'),
    onClose,
  )
  const choose = (chosen: Format) => {
    form.setFieldValue('format', chosen)
    for (const name of USUAL_FIELDS) {
      const was = form.values[name]
      // What somebody wrote stays.
      if (was === '' || was === USUAL[format][name]) form.setFieldValue(name, USUAL[chosen][name] ?? '')
    }
  }
  const takeFile = async (file: File | null) => {
    form.setFieldValue('file', file)
    const found = file === null ? [] : await readColumns(file)
    setColumns(found)
    for (const column of COLUMNS) {
      const named = found.find((each) => each.toLowerCase() === column)
      form.setFieldValue(`${column}Column`, named ?? '')
    }
  }
  const field = (
    name: 'name' | 'framework' | 'targetType' | 'publisher' | 'source' | 'licence' | 'edition',
  ) => form.getInputProps(name)
  return (
    <FormPanel
      title={t('frameworks:import')}
      submit={t('frameworks:start')}
      isBusy={start.isPending}
      error={start.error}
      onSubmit={form.onSubmit((values) => start.mutate(values))}
      onCancel={onClose}
    >
      <NativeSelect
        label={t('frameworks:format')}
        value={format}
        data={FORMATS.map((each) => ({ value: each, label: t(`frameworks:formats.${each}`) }))}
        onChange={({ currentTarget }) =>
          choose(FORMATS.find((each) => each === currentTarget.value) ?? 'esco')
        }
      />
      <FileInput
        label={t('frameworks:file')}
        description={t('frameworks:fileHint')}
        required
        accept={format === 'case' ? '.json,application/json' : '.csv,text/csv'}
        value={form.values.file}
        error={form.errors['file']}
        onChange={(file) => void takeFile(file)}
      />
      {format === 'table' && (
        <Fieldset legend={t('frameworks:columns')}>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {COLUMNS.map((column) => (
              <NativeSelect
                key={column}
                label={t(`frameworks:column.${column}`)}
                required={column !== 'url'}
                data={[
                  { value: '', label: t(column === 'url' ? 'frameworks:none' : 'frameworks:choose') },
                  ...columns.map((each) => ({ value: each, label: each })),
                ]}
                {...form.getInputProps(`${column}Column`)}
              />
            ))}
          </SimpleGrid>
        </Fieldset>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t('frameworks:name')} required maxLength={300} {...field('name')} />
        <TextInput
          label={t('frameworks:slug')}
          description={t('frameworks:slugHint')}
          required
          maxLength={60}
          {...field('framework')}
        />
        <TextInput
          label={t('frameworks:edition')}
          description={t('frameworks:editionHint')}
          required
          maxLength={100}
          {...field('edition')}
        />
        <TextInput
          label={t('frameworks:targetType')}
          description={t('frameworks:targetTypeHint')}
          required
          maxLength={100}
          {...field('targetType')}
        />
        <TextInput label={t('frameworks:publisher')} required maxLength={300} {...field('publisher')} />
        <TextInput label={t('frameworks:source')} type="url" required maxLength={2000} {...field('source')} />
        <TextInput label={t('frameworks:licence')} required maxLength={300} {...field('licence')} />
        <TextInput
          label={t('frameworks:language')}
          required
          maxLength={20}
          {...form.getInputProps('language')}
        />
      </SimpleGrid>
    </FormPanel>
  )
}
