import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { textFor } from '#web/achievements/text-for.ts'
import type { Catalogue } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Pill } from '#web/components/pill.tsx'
import styles from '#web/credentials/backpack.module.css'
import { CopyEntry } from './copy-entry.tsx'
import type { CopyTarget } from './use-copy-targets.ts'

interface CatalogueCardProps {
  readonly entry: Catalogue['items'][number]
  /** Where the reader may put a copy. */
  readonly targets: readonly CopyTarget[]
}

export function CatalogueCard({ entry, targets }: CatalogueCardProps) {
  const { t, i18n } = useTranslation()
  const say = (text: Readonly<Record<string, string>>) => textFor(text, i18n.language, entry.language)
  const { badgeType, workload } = entry
  const facts = [
    badgeType === null ? undefined : t(`achievements:about.types.${badgeType}`, { defaultValue: badgeType }),
    ...entry.eqf.map((level) => `EQF ${t('catalogue:level', { level })}`),
    ...entry.nlqf.map((level) => `NLQF ${t('catalogue:level', { level })}`),
    workload === null
      ? undefined
      : t(`achievements:about.units.${workload.unit}`, { amount: workload.amount }),
  ]
  return (
    <li className={styles['card']}>
      <BadgePicture url={entry.image ?? undefined} name="" size={96} />
      <div>
        <Link to={`/achievements/${entry.id}`} className={styles['link'] ?? ''}>
          {say(entry.name)}
        </Link>
        <Text size="sm" c="dimmed">
          {entry.issuer.name}
        </Text>
        <Text size="sm" lineClamp={3}>
          {say(entry.description)}
        </Text>
      </div>
      <Group gap={6}>
        {entry.test && <Pill tone="doubt">{t('components:test.title')}</Pill>}
        {facts.map(
          (fact) =>
            fact !== undefined && (
              <Pill key={fact} tone="quiet">
                {fact}
              </Pill>
            ),
        )}
        {entry.copyable && <Pill tone="good">{t('catalogue:copyable')}</Pill>}
      </Group>
      {entry.copyable && targets.length > 0 && (
        <div className={styles['above']}>
          <CopyEntry achievementId={entry.id} name={say(entry.name) ?? ''} targets={targets} />
        </div>
      )}
    </li>
  )
}
