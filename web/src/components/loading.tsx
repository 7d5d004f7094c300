import { Group, Loader, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Says that something is on its way, to eyes and ears. */
export function Loading({ label }: { readonly label?: string }) {
  const { t } = useTranslation()
  return (
    <Group role="status" py="lg" gap="sm">
      <Loader size="sm" aria-hidden />
      <Text>{label ?? t('components:loading')}</Text>
    </Group>
  )
}
