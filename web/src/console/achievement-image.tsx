import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { BadgeBuilder } from '#web/badge-builder/badge-builder.tsx'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { PictureButton, usePictureUpload } from '#web/components/picture-upload.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

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
  const [isDrawing, drawing] = useDisclosure(false)
  const upload = usePictureUpload(onChange)
  return (
    <div>
      <Group>
        {value !== '' && <BadgePicture url={`/images/${value}.png`} name="" size={64} />}
        <PictureButton label={t('console:achievements.imageChoose')} upload={upload} />
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
          {upload.noteOn(value)}
        </Text>
      </Group>
      {upload.error !== null && <ProblemAlert error={upload.error} />}
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
