import { useTranslation } from 'react-i18next'

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/

/** Checks of form fields, as Mantine's form wants them: a sentence, or null. */
export function useFormRules() {
  const { t } = useTranslation()
  return {
    required: (value: string) => (value.trim() === '' ? t('console:form.required') : null),
    slug: (value: string) => (SLUG.test(value) ? null : t('console:nobody.slugWrong')),
    optionalEmail: (value: string) =>
      value === '' || /^\S+@\S+\.\S+$/.test(value) ? null : t('signIn:emailWrong'),
    optionalUrl: (value: string) =>
      value === '' || /^https?:\/\/\S+$/.test(value) ? null : t('console:form.wrong'),
    optionalNumber: (value: string, most: number) =>
      value.trim() === '' || isBetween(numberOf(value), most) ? null : t('console:form.number', { most }),
    optionalWholeNumber: (value: string, most: number) =>
      value.trim() === '' || (isBetween(numberOf(value), most) && Number.isInteger(numberOf(value)))
        ? null
        : t('console:form.wholeNumber', { most }),
  }
}

/** As people write it, with a point or a comma; NaN for what is no plain number. */
export const numberOf = (text: string): number =>
  /^\d+(?:[.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : Number.NaN

const isBetween = (number: number, most: number): boolean => number > 0 && number <= most

/** The members that were filled in. */
export const filled = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
