import { useTranslation } from 'react-i18next'
import type { Educredential } from '#engine/credentials/educredential.ts'
import { Facts } from '#web/components/facts.tsx'
import { Panel } from '#web/components/panel.tsx'

/** What an achievement says by the Dutch educredential profile. Its words are fixed, so they are shown in the reader's language. */
export function EducredentialView({ profile }: { readonly profile: Educredential }) {
  const { t } = useTranslation()
  const word = (value: string | undefined) => value && t(`achievements:educredential.words.${value}`)
  const amount = (unit: 'ects' | 'sbu' | 'hours', value: number | undefined) =>
    value === undefined ? undefined : t(`achievements:about.units.${unit}`, { amount: value })
  const { identityChecked, ects, sbu, timeInvestment, educationProgramIdentifier } = profile
  const workload = [amount('ects', ects), amount('sbu', sbu), amount('hours', timeInvestment)]
  return (
    <Panel title={t('achievements:educredential.title')}>
      <Facts
        facts={[
          {
            label: t('achievements:educredential.participationType'),
            value: word(profile.participationType),
          },
          { label: t('achievements:educredential.assessmentType'), value: word(profile.assessmentType) },
          { label: t('achievements:educredential.supervisionType'), value: word(profile.supervisionType) },
          {
            label: t('achievements:educredential.identityChecked'),
            value:
              identityChecked === undefined
                ? undefined
                : t(`achievements:educredential.${identityChecked ? 'yes' : 'no'}`),
          },
          {
            label: t('achievements:about.workload'),
            value: workload.filter((each) => each !== undefined).join(', '),
          },
          {
            label: t('achievements:educredential.educationProgramIdentifier'),
            value: educationProgramIdentifier,
            code: true,
          },
        ]}
      />
    </Panel>
  )
}
