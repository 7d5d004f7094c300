import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isLanguage, LANGUAGES, rememberLanguage } from '#web/i18n/language.ts'

const NAMES = { en: 'English', nl: 'Nederlands' } as const

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <NativeSelect
      size="sm"
      w="8.2rem"
      aria-label={t('app:language')}
      value={i18n.language}
      data={LANGUAGES.map((language) => ({ value: language, label: NAMES[language] }))}
      onChange={({ currentTarget: { value } }) => {
        if (!isLanguage(value)) return
        rememberLanguage(value)
        void i18n.changeLanguage(value)
      }}
    />
  )
}
