import { Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Disclosure } from '#web/components/disclosure.tsx'

interface PresentationFieldsProps {
  readonly challenge: string
  readonly onChallenge: (challenge: string) => void
  readonly domain: string
  readonly onDomain: (domain: string) => void
}

/** What the holder of a presentation was to answer. Few readers have asked anything, so it is folded away. */
export function PresentationFields({ challenge, onChallenge, domain, onDomain }: PresentationFieldsProps) {
  const { t } = useTranslation()
  const plain = { autoComplete: 'off', spellCheck: false, maxLength: 2000 } as const
  return (
    <Disclosure summary={t('report:presentation.summary')}>
      <Stack gap="sm">
        <Text size="sm">{t('report:presentation.lead')}</Text>
        <TextInput
          {...plain}
          label={t('report:presentation.challenge')}
          description={t('report:presentation.challengeHint')}
          value={challenge}
          onChange={({ currentTarget }) => onChallenge(currentTarget.value.trim())}
        />
        <TextInput
          {...plain}
          label={t('report:presentation.domain')}
          description={t('report:presentation.domainHint')}
          value={domain}
          onChange={({ currentTarget }) => onDomain(currentTarget.value.trim())}
        />
      </Stack>
    </Disclosure>
  )
}
