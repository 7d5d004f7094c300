import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { preferredLanguage } from './language.ts'
import type { TextTree } from './texts.ts'

/** The texts of each concept, by the name of its namespace. */
export type Concepts = Readonly<Record<string, { readonly en: TextTree; readonly nl: TextTree }>>

/** Starts the texts in the reader's language, and tells the browser which one it is. */
export function startTexts(concepts: Concepts): void {
  const inLanguage = (language: 'en' | 'nl') =>
    Object.fromEntries(Object.entries(concepts).map(([name, both]) => [name, both[language]]))
  void i18next.use(initReactI18next).init({
    lng: preferredLanguage(),
    fallbackLng: 'en',
    supportedLngs: ['en', 'nl'],
    defaultNS: 'app',
    resources: { en: inLanguage('en'), nl: inLanguage('nl') },
    // React escapes.
    interpolation: { escapeValue: false },
    initAsync: false,
    returnEmptyString: false,
  })
  const tellBrowser = (language: string) => {
    document.documentElement.lang = language
  }
  tellBrowser(i18next.language)
  i18next.on('languageChanged', tellBrowser)
}
