import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { badgePicture } from '#engine/achievements/badge-picture.ts'
import type { HouseStyle } from '#engine/achievements/house-style.ts'
import type { HouseStyleView } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'

/** One picture without a level, and one for each: drawn here, by the code that draws them on the server. Without the logo. */
export function HouseStylePreview({ style }: { readonly style: Omit<HouseStyleView, 'revision'> }) {
  const { t, i18n } = useTranslation()
  const { logo: _, ...rest } = style
  const drawn: HouseStyle = rest
  const label = t('organisation:previewLabel')
  const language = i18n.language.startsWith('nl') ? 'nl' : 'en'
  const show = (level?: number) => {
    const svg = badgePicture(drawn, {
      label,
      language,
      symbol: 'star',
      ...(level === undefined ? {} : { level }),
    })
    return `data:image/svg+xml,${encodeURIComponent(svg)}`
  }
  return (
    <Group gap="xs">
      <BadgePicture url={show()} name={t('organisation:preview')} size={120} />
      {style.levels.map(({ name }, level) => (
        <BadgePicture
          key={level}
          url={show(level)}
          name={`${t('organisation:preview')}: ${name[language]}`}
          size={120}
        />
      ))}
    </Group>
  )
}
