import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Notice } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import type { CopyTarget } from './use-copy-targets.ts'

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/

interface CopyEntryProps {
  readonly achievementId: string
  readonly name: string
  readonly targets: readonly CopyTarget[]
}

/** Makes a draft of one's own of what may be copied, under an issuer of one's own. */
export function CopyEntry({ achievementId, name, targets }: CopyEntryProps) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const form = useForm({
    initialValues: {
      issuerId: targets.length === 1 ? (targets[0]?.issuer.id ?? '') : '',
      slug: slugOf(name),
    },
    validate: {
      issuerId: (id) => (id === '' ? t('catalogue:copy.issuerNeeded') : null),
      slug: (slug) => (SLUG.test(slug) ? null : t('catalogue:copy.slugWrong')),
    },
  })
  const target = targets.find(({ issuer }) => issuer.id === form.values.issuerId)
  const copy = useMutation({
    mutationFn: (values: typeof form.values) =>
      create(
        '/v1/achievements/copies',
        { ...values, achievementId },
        { organisation: target?.organisation.id },
      ),
    onSuccess: () => setOpen(false),
  })
  if (copy.isSuccess && target !== undefined)
    return (
      <Stack gap="xs">
        <Notice tone="good" role="status">
          {t('catalogue:copy.copied')}
        </Notice>
        <div>
          <LinkButton to={`/console/${target.organisation.slug}/achievements`} size="xs" variant="default">
            {t('catalogue:copy.open')}
          </LinkButton>
        </div>
      </Stack>
    )
  if (!isOpen)
    return (
      <div>
        <Button
          size="xs"
          variant="light"
          aria-label={`${t('catalogue:copy.copy')}: ${name}`}
          onClick={() => setOpen(true)}
        >
          {t('catalogue:copy.copy')}
        </Button>
      </div>
    )
  return (
    <form
      aria-label={t('catalogue:copy.title', { name })}
      noValidate
      onSubmit={form.onSubmit((values) => copy.mutate(values))}
    >
      <Stack gap="sm">
        <NativeSelect
          label={t('catalogue:copy.issuer')}
          required
          data={[
            { value: '', label: t('catalogue:copy.choose') },
            ...targets.map(({ organisation, issuer }) => ({
              value: issuer.id,
              label: `${issuer.name}, ${organisation.name}`,
            })),
          ]}
          {...form.getInputProps('issuerId')}
        />
        <TextInput
          label={t('catalogue:copy.slug')}
          description={t('catalogue:copy.slugHint')}
          required
          maxLength={60}
          {...form.getInputProps('slug')}
        />
        {copy.isError && <ProblemAlert error={copy.error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={copy.isPending}>
            {t('catalogue:copy.make')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setOpen(false)}>
            {t('catalogue:copy.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** A short name after a name; whoever copies may choose another. */
const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '')
