import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Catalogue } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'

interface CatalogueFiltersProps {
  readonly params: URLSearchParams
  readonly facets: Catalogue['facets']
  readonly onChange: (params: URLSearchParams) => void
}

/** A field for words and hours, and a list for each facet with what can be chosen besides. Nothing moves until it is sent. */
export function CatalogueFilters({ params, facets, onChange }: CatalogueFiltersProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(() => new URLSearchParams(params))
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(draft)
    if (value === '') next.delete(name)
    else next.set(name, value)
    setDraft(next)
  }
  const send = (event: FormEvent) => {
    event.preventDefault()
    const next = new URLSearchParams(draft)
    // Another question begins at its first page.
    next.delete('cursor')
    onChange(next)
  }
  return (
    <Panel title={t('catalogue:filters')}>
      <search>
        <form onSubmit={send}>
          <Stack>
            <TextInput
              type="search"
              label={t('catalogue:words')}
              maxLength={200}
              value={draft.get('q') ?? ''}
              onChange={(event) => set('q', event.currentTarget.value)}
            />
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
              {facets
                .filter(({ name, values }) => values.length > 0 || draft.has(name))
                .map(({ name, values }) => (
                  <NativeSelect
                    key={name}
                    label={t(`catalogue:facets.${name}`)}
                    value={draft.get(name) ?? ''}
                    onChange={(event) => set(name, event.currentTarget.value)}
                    data={[
                      { value: '', label: t('catalogue:any') },
                      ...optionsOf(values, draft.get(name)).map(({ value, count }) => ({
                        value,
                        label: `${t(`achievements:about.${WORDS[name] ?? 'none'}.${value}`, { defaultValue: value })} (${count})`,
                      })),
                    ]}
                  />
                ))}
              {(['hoursMin', 'hoursMax'] as const).map((name) => (
                <NumberInput
                  key={name}
                  label={t(`catalogue:${name}`)}
                  min={0}
                  max={100_000}
                  value={draft.get(name) ?? ''}
                  onChange={(value) => set(name, String(value))}
                />
              ))}
            </SimpleGrid>
            <Group>
              <Button type="submit">{t('catalogue:show')}</Button>
              <Button variant="default" onClick={() => onChange(new URLSearchParams())}>
                {t('catalogue:clear')}
              </Button>
            </Group>
          </Stack>
        </form>
      </search>
    </Panel>
  )
}

/** What was chosen stays to be seen, also when nothing of it is left. */
const optionsOf = (values: Catalogue['facets'][number]['values'], chosen: string | null) =>
  chosen === null || values.some(({ value }) => value === chosen)
    ? values
    : [...values, { value: chosen, count: 0 }]

/** Where the words for the values of a facet are; others are shown as they are. */
const WORDS: Readonly<Record<string, string>> = {
  badgeType: 'types',
  recognises: 'kinds',
  recognisedThrough: 'through',
  participation: 'forms',
}
