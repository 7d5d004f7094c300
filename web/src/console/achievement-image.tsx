import { Button, FileButton, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { create, postBytes } from '#web/api/client.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from './organisation-context.ts'

interface AchievementImageProps {
  /** SHA-256 of a stored picture, or empty. */
  readonly value: string
  readonly onChange: (image: string) => void
  /** What stands on a picture that is drawn. */
  readonly label: string
  readonly language: string
  /** What stands there while there is no picture. */
  readonly none?: string
}

export function AchievementImage({ value, onChange, label, language, none }: AchievementImageProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const upload = useMutation({
    mutationFn: (file: File) => postBytes<{ id: string }>('/v1/images', file, 'image/png', { organisation }),
    onSuccess: ({ id }) => onChange(id),
  })
  const draw = useMutation({
    mutationFn: () =>
      create<{ id: string }>(
        '/v1/images/compose',
        { label: label.trim().slice(0, 200), language: language.startsWith('nl') ? 'nl' : 'en' },
        { organisation },
      ),
    onSuccess: ({ id }) => onChange(id),
  })
  return (
    <div>
      <Group>
        {value !== '' && <BadgePicture url={`/images/${value}.png`} name="" size={64} />}
        <FileButton accept="image/png" onChange={(file) => file !== null && upload.mutate(file)}>
          {(props) => (
            <Button variant="default" loading={upload.isPending} {...props}>
              {t('console:achievements.imageChoose')}
            </Button>
          )}
        </FileButton>
        {label.trim() !== '' && (
          <Button variant="default" loading={draw.isPending} onClick={() => draw.mutate()}>
            {t('console:achievements.imageDraw')}
          </Button>
        )}
        {value !== '' && none !== undefined && (
          <Button variant="default" onClick={() => onChange('')}>
            {t('console:achievements.imageRemove')}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {value === ''
            ? (none ?? t('console:achievements.imageNone'))
            : t('console:achievements.imageSet', { id: value.slice(0, 8) })}
        </Text>
      </Group>
      {upload.isError && <ProblemAlert error={upload.error} />}
      {draw.isError && <ProblemAlert error={draw.error} />}
    </div>
  )
}
