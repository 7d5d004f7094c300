import { Button, FileButton, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { postBytes } from '#web/api/client.ts'
import type { UploadedImage } from '#web/api/wire.ts'
import { BadgeBuilder } from '#web/badge-builder/badge-builder.tsx'
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
  const [isDrawing, drawing] = useDisclosure(false)
  const upload = useMutation({
    mutationFn: (file: File) => postBytes<UploadedImage>('/v1/images', file, typeOf(file), { organisation }),
    onSuccess: ({ id }) => onChange(id),
  })
  const removed = upload.data?.id === value ? upload.data.removed : []
  return (
    <div>
      <Group>
        {value !== '' && <BadgePicture url={`/images/${value}.png`} name="" size={64} />}
        <FileButton accept={TYPES.join()} onChange={(file) => file !== null && upload.mutate(file)}>
          {(props) => (
            <Button variant="default" loading={upload.isPending} {...props}>
              {t('console:achievements.imageChoose')}
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={drawing.open}>
          {value === '' ? t('badgeBuilder:open') : t('badgeBuilder:again')}
        </Button>
        {value !== '' && none !== undefined && (
          <Button variant="default" onClick={() => onChange('')}>
            {t('console:achievements.imageRemove')}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {value === ''
            ? (none ?? t('console:achievements.imageNone'))
            : t('console:achievements.imageSet', { id: value.slice(0, 8) })}
          {removed.length > 0 &&
            ` ${t('badgeBuilder:removedNote', { parts: removed.map((part) => t(`badgeBuilder:removed.${part}`)).join(', ') })}`}
        </Text>
      </Group>
      {upload.isError && <ProblemAlert error={upload.error} />}
      {isDrawing && (
        <BadgeBuilder
          image={value}
          label={label.trim().slice(0, 200)}
          language={language.startsWith('nl') ? 'nl' : 'en'}
          onDrawn={(image) => {
            onChange(image)
            drawing.close()
          }}
          onClose={drawing.close}
        />
      )}
    </div>
  )
}

/** What the server takes; which of them it is shows in its bytes. */
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/svg+xml']
const typeOf = ({ type }: File): string => (TYPES.includes(type) ? type : 'image/png')
