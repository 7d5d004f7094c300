import type { TFunction } from 'i18next'
import type { Rule } from '#web/api/wire.ts'

/** The versions of a rule for a field in which one is chosen, newest first. */
export const versionChoices = ({ versions }: Rule, t: TFunction) =>
  versions
    .map(({ version, state }) => ({
      value: String(version),
      label: `${t('console:rules.version', { version })} (${t(`console:rules.states.${state}`)})`,
    }))
    .reverse()
