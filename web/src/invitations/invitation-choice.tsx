import { Button, Group, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act, path } from '#web/api/client.ts'
import type { InvitationAccepted, InvitationOffer } from '#web/api/wire.ts'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'

interface InvitationChoiceProps {
  readonly token: string
  readonly offer: InvitationOffer
}

/** To decline needs no account: whoever has the link reads the mailbox. */
export function InvitationChoice({ token, offer }: InvitationChoiceProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [isAsking, dialog] = useDisclosure(false)
  const accept = useMutation({
    mutationFn: () => act<InvitationAccepted>(path`/v1/invitation-links/${token}/accept`),
    onSuccess: async ({ organisation }) => {
      queryClient.clear()
      await navigate(`/console/${organisation.slug}/overview`, { replace: true })
      sayDone(t('invitations:done', { organisation: organisation.name }))
    },
  })
  const decline = useMutation({
    mutationFn: () => act(path`/v1/invitation-links/${token}/decline`),
    onSuccess: async () => {
      dialog.close()
      await queryClient.invalidateQueries({ queryKey: ['invitation', token] })
    },
  })
  return (
    <Stack>
      <Group>
        {offer.yours && (
          <Button size="md" loading={accept.isPending} onClick={() => accept.mutate()}>
            {t('invitations:accept')}
          </Button>
        )}
        <Button size="md" variant="default" disabled={accept.isPending} onClick={dialog.open}>
          {t('invitations:decline')}
        </Button>
      </Group>
      {accept.isError && <ProblemAlert error={accept.error} />}
      <ConfirmDialog
        opened={isAsking}
        title={t('invitations:declineAsk')}
        text={t('invitations:declineText')}
        confirm={t('invitations:decline')}
        isBusy={decline.isPending}
        error={decline.error}
        onConfirm={() => decline.mutate()}
        onClose={dialog.close}
      />
    </Stack>
  )
}
