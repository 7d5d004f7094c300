import { Button, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InvitationOffer } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { SignInForm } from '#web/sign-in/sign-in-form.tsx'
import { SESSION, useSession } from '#web/sign-in/use-session.ts'
import { InvitationChoice } from './invitation-choice.tsx'

interface InvitationDetailProps {
  readonly token: string
  readonly offer: InvitationOffer
  /** Whoever has signed in meanwhile, in another tab, looks again. */
  readonly onSignedIn: () => void
}

/** Who invites to what, and the choice: for whoever has proven the address that was invited. */
export function InvitationDetail({ token, offer, onSignedIn }: InvitationDetailProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const queryClient = useQueryClient()
  const { data: session } = useSession()
  const { email, organisation, role, rights, state, unitName, invitedBy } = offer
  const title = session === null || session === undefined ? 'signIn' : 'others'
  const roleName =
    role === null ? undefined : role.builtIn === null ? role.name : t(`invitations:roles.${role.builtIn}`)
  return (
    <Page
      title={organisation.name}
      eyebrow={t('invitations:title')}
      lead={t('invitations:lead', { organisation: organisation.name })}
    >
      {organisation.sample && <TestBanner />}
      <Panel>
        <Facts
          facts={[
            { label: t('invitations:for'), value: email },
            { label: t('invitations:unit'), value: unitName },
            { label: t('invitations:role'), value: roleName },
            {
              label: t('invitations:rights'),
              value: rights.map((right) => t(`invitations:rightNames.${right}`)).join(', '),
            },
            { label: t('invitations:invitedBy'), value: invitedBy },
            {
              label: t('invitations:expires'),
              value: state === 'open' ? moment(offer.expiresAt) : undefined,
            },
          ]}
        />
      </Panel>
      {state !== 'open' && (
        <Notice tone="quiet" role="status">
          <p>{t(`invitations:${state}`)}</p>
        </Notice>
      )}
      {state === 'open' && !offer.yours && (
        <Stack align="flex-start">
          <Notice tone="quiet" title={t(`invitations:${title}.title`)}>
            <p>{t(`invitations:${title}.text`, { email })}</p>
          </Notice>
          <SignInForm email={email} />
          <Button
            variant="default"
            onClick={() => {
              void queryClient.invalidateQueries({ queryKey: SESSION })
              onSignedIn()
            }}
          >
            {t('invitations:signIn.done')}
          </Button>
        </Stack>
      )}
      {state === 'open' && <InvitationChoice token={token} offer={offer} />}
    </Page>
  )
}
