import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { HouseStyleView } from '#web/api/wire.ts'
import { DrawnBadge } from '#web/badge-builder/drawn-badge.tsx'
import { useLogo } from '#web/badge-builder/use-logo.ts'

/** One picture without a level, and one for each: drawn here, by the code that draws them on the server. */
export function HouseStylePreview({ style }: { readonly style: Omit<HouseStyleView, 'revision'> }) {
  const { t, i18n } = useTranslation()
  const logo = useLogo(style.logo)
  const language = i18n.language.startsWith('nl') ? 'nl' : 'en'
  const face = { label: t('organisation:previewLabel'), language, symbol: 'star' } as const
  return (
    <Group gap="xs">
      <DrawnBadge look={style} face={face} logo={logo} name={t('organisation:preview')} size={120} />
      {style.levels.map((level, place) => (
        <DrawnBadge
          key={place}
          look={style}
          face={{ ...face, level }}
          logo={logo}
          name={`${t('organisation:preview')}: ${level.name[language]}`}
          size={120}
        />
      ))}
    </Group>
  )
}
