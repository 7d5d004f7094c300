import { Button, FileButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { postBytes } from '#web/api/client.ts'
import type { UploadedImage } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'

/** What the server takes; which of them it is shows in its bytes. */
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/svg+xml']
const typeOf = ({ type }: File): string => (TYPES.includes(type) ? type : 'image/png')

/** Uploads a picture, of which the server keeps a PNG, and hands over its id. `noteOn` says what of the file was left out. */
export function usePictureUpload(onStored: (id: string) => void) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: (file: File) => postBytes<UploadedImage>('/v1/images', file, typeOf(file), { organisation }),
    onSuccess: ({ id }) => onStored(id),
  })
  const noteOn = (id: string | null): string =>
    data === undefined || data.id !== id || data.removed.length === 0
      ? ''
      : ` ${t('badgeBuilder:removedNote', { parts: data.removed.map((part) => t(`badgeBuilder:removed.${part}`)).join(', ') })}`
  return { take: mutate, isPending, error, noteOn }
}

interface PictureButtonProps {
  readonly label: string
  readonly upload: Pick<ReturnType<typeof usePictureUpload>, 'take' | 'isPending'>
}

export const PictureButton = ({ label, upload: { take, isPending } }: PictureButtonProps) => (
  <FileButton accept={TYPES.join()} onChange={(file) => file !== null && take(file)}>
    {(props) => (
      <Button variant="default" loading={isPending} {...props}>
        {label}
      </Button>
    )}
  </FileButton>
)
