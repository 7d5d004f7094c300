import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, remove } from '#web/api/client.ts'
import type { ShareLink } from '#web/api/wire.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useOmissionNames } from './use-omission-names.ts'

interface ShareLinkRowProps {
  readonly link: ShareLink
  readonly collection: string
  readonly onEnded: () => void
}

export function ShareLinkRow({ link, collection, onEnded }: ShareLinkRowProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const names = useOmissionNames()
  const end = useMutation({
    mutationFn: () => remove(collection + path`/${link.id}`),
    onSuccess: onEnded,
  })
  const time = moment(link.createdAt)
  const isOver =
    link.revokedAt === null && link.expiresAt !== null && Date.parse(link.expiresAt) <= Date.now()
  return (
    <li>
      <Group justify="space-between" py={6}>
        <Text>
          {link.label !== '' && <strong>{link.label}: </strong>}
          {t('credentials:share.item', { time })}
          {link.expiresAt !== null &&
            !isOver &&
            `, ${t('credentials:share.until', { time: moment(link.expiresAt) })}`}
          {link.omits.length > 0 && `, ${t('credentials:share.without', { what: names(link.omits) })}`}
          {`, ${t('credentials:views.times', { count: link.views })}`}
        </Text>
        {isOver ? (
          <Text c="dimmed">{t('credentials:share.over', { time: moment(link.expiresAt ?? '') })}</Text>
        ) : link.revokedAt === null ? (
          <Button
            size="xs"
            variant="default"
            aria-label={t('credentials:share.endThis', { time })}
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {t('credentials:share.endIt')}
          </Button>
        ) : (
          <Text c="dimmed">{t('credentials:share.ended', { time: moment(link.revokedAt) })}</Text>
        )}
      </Group>
      {end.isError && <ProblemAlert error={end.error} />}
    </li>
  )
}
