import { Button, FileButton, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { postBytes } from '#web/api/client.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from './organisation-context.ts'

interface AchievementImageProps {
  /** SHA-256 of a stored picture, or empty. */
  readonly value: string
  readonly onChange: (image: string) => void
}

export function AchievementImage({ value, onChange }: AchievementImageProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const upload = useMutation({
    mutationFn: (file: File) => postBytes<{ id: string }>('/v1/images', file, 'image/png', { organisation }),
    onSuccess: ({ id }) => onChange(id),
  })
  return (
    <div>
      <Group>
        <FileButton accept="image/png" onChange={(file) => file !== null && upload.mutate(file)}>
          {(props) => (
            <Button variant="default" loading={upload.isPending} {...props}>
              {t('console:achievements.imageChoose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed" role="status">
          {value === ''
            ? t('console:achievements.imageNone')
            : t('console:achievements.imageSet', { id: value.slice(0, 8) })}
        </Text>
      </Group>
      {upload.isError && <ProblemAlert error={upload.error} />}
    </div>
  )
}
