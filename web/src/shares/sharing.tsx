import { Button, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { act, create, path, replace } from '#web/api/client.ts'
import type { Achievement, Listing, Share } from '#web/api/wire.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useAction } from '#web/console/use-action.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const LISTINGS: readonly Listing[] = ['unlisted', 'listed', 'copyable']

/** Whether the catalogue shows an achievement, and which organisations it is shared with. */
export function Sharing({ achievement }: { readonly achievement: Achievement }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const own = path`/v1/achievements/${achievement.id}`
  const shares = useRecords<Share>(`achievements/${achievement.id}/shares`)
  const list = useAction<unknown, string>(
    (listing) => replace(`${own}/listing`, { listing }, { query: { organisation } }),
    t('shares:listed'),
  )
  const versionOf = (id: string) => achievement.versions.find((version) => version.id === id)?.version ?? ''
  return (
    <Stack mt="sm">
      <NativeSelect
        maw="28rem"
        label={t('shares:listing')}
        value={achievement.listing}
        disabled={list.isPending}
        data={LISTINGS.map((value) => ({ value, label: t(`shares:listings.${value}`) }))}
        onChange={({ currentTarget }) => list.mutate(currentTarget.value)}
      />
      {list.error !== null && <ProblemAlert error={list.error} />}
      <RecordList records={shares}>
        {(share) => (
          <Record
            key={share.id}
            order={3}
            title={t('shares:version', { version: versionOf(share.versionId) })}
            state={
              share.withdrawnAt === null
                ? { tone: 'good', label: t(`shares:kinds.${share.kind}`) }
                : { tone: 'quiet', label: t('shares:isWithdrawn') }
            }
            facts={[
              { label: t('shares:with'), value: share.withOrganisation, code: true },
              { label: t('shares:since'), value: moment(share.sharedAt) },
            ]}
            {...(share.withdrawnAt === null
              ? {
                  actions: (
                    <ConfirmButton
                      label={t('shares:withdraw')}
                      on={share.withOrganisation}
                      title={t('shares:withdrawTitle')}
                      text={t('shares:withdrawText')}
                      done={t('shares:withdrawn')}
                      run={() =>
                        act(`${own}/shares/${encodeURIComponent(share.id)}/withdraw`, undefined, {
                          organisation,
                        })
                      }
                    />
                  ),
                }
              : {})}
          />
        )}
      </RecordList>
      <ShareForm achievement={achievement} />
    </Stack>
  )
}

/** With one other organisation, by its short name. Only what was published can be shared. */
function ShareForm({ achievement }: { readonly achievement: Achievement }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const versions = achievement.versions.filter(({ state }) => state === 'published' || state === 'retired')
  const form = useForm({
    initialValues: { organisation: '', kind: 'view', version: String(versions.at(-1)?.version ?? '') },
    validate: { organisation: rules.slug },
  })
  const share = useAction(
    ({ version, ...wanted }: typeof form.values) =>
      create(path`/v1/achievements/${achievement.id}/versions/${version}/shares`, wanted, { organisation }),
    t('shares:shared'),
    form.reset,
  )
  if (versions.length === 0) return null
  return (
    <form onSubmit={form.onSubmit((values) => share.mutate(values))} noValidate>
      <Stack>
        <TextInput
          label={t('shares:organisation')}
          description={t('shares:organisationHint')}
          required
          {...form.getInputProps('organisation')}
        />
        <NativeSelect
          label={t('shares:which')}
          data={versions.map(({ version }) => ({
            value: String(version),
            label: t('shares:version', { version }),
          }))}
          {...form.getInputProps('version')}
        />
        <NativeSelect
          label={t('shares:kind')}
          data={(['view', 'copy'] as const).map((value) => ({ value, label: t(`shares:kinds.${value}`) }))}
          {...form.getInputProps('kind')}
        />
        {share.error !== null && <ProblemAlert error={share.error} />}
        <div>
          <Button type="submit" size="xs" loading={share.isPending}>
            {t('shares:share')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
