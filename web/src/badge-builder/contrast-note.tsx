import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ContrastFinding } from '#engine/achievements/badge-contrast.ts'

interface ContrastNoteProps {
  readonly finding: ContrastFinding
  readonly onPropose: (colour: string) => void
}

/** How far two colours are apart, and a button for one that would do where they are too near. */
export function ContrastNote({ finding, onPropose }: ContrastNoteProps) {
  const { t, i18n } = useTranslation()
  const { part, isEnough, proposal } = finding
  const ratio = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Math.floor(finding.ratio * 10) / 10)
  const enough =
    part === 'text' ? t('badgeBuilder:textEnough', { ratio }) : t('badgeBuilder:graphicsEnough', { ratio })
  const low =
    part === 'text' ? t('badgeBuilder:textLow', { ratio }) : t('badgeBuilder:graphicsLow', { ratio })
  return (
    <Group gap="xs">
      <Text size="sm" role="status">
        {isEnough ? enough : low}
      </Text>
      {!isEnough && (
        <Button size="compact-sm" variant="default" onClick={() => onPropose(proposal)}>
          {part === 'text'
            ? t('badgeBuilder:useTextProposal', { colour: proposal })
            : t('badgeBuilder:useGraphicsProposal', { colour: proposal })}
        </Button>
      )}
    </Group>
  )
}
