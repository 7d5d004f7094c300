import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export interface Why {
  readonly reason: string
  readonly note: string
}

interface WhyFieldsProps {
  readonly value: Why
  readonly onChange: (value: Why) => void
}

/** What earners and verifiers are told, and what stays in the organisation. */
export function WhyFields({ value, onChange }: WhyFieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <Textarea
        label={t('awardChanges:reason')}
        description={t('awardChanges:reasonHint')}
        required
        maxLength={1000}
        autosize
        minRows={2}
        value={value.reason}
        onChange={({ currentTarget }) => onChange({ ...value, reason: currentTarget.value })}
      />
      <Textarea
        label={t('awardChanges:note')}
        description={t('awardChanges:noteHint')}
        maxLength={2000}
        autosize
        value={value.note}
        onChange={({ currentTarget }) => onChange({ ...value, note: currentTarget.value })}
      />
    </>
  )
}

/** As the API takes it. */
export const whyBody = ({ reason, note }: Why) => ({
  reason: reason.trim(),
  ...(note.trim() === '' ? {} : { note: note.trim() }),
})

export const NO_REASON: Why = { reason: '', note: '' }
