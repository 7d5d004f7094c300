import { Button, Group, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act, path } from '#web/api/client.ts'
import type { ClaimAccepted } from '#web/api/wire.ts'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'

/** Accepting signs the person in, as the link came to their own address. */
export function ClaimChoice({ token }: { readonly token: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [isAsking, dialog] = useDisclosure(false)
  const accept = useMutation({
    mutationFn: () => act<ClaimAccepted>(path`/v1/claims/${token}/accept`),
    onSuccess: async ({ credentialId }) => {
      await navigate(`/credentials/${credentialId}`, { replace: true })
      queryClient.clear()
      sayDone(t('claims:done'))
    },
    // Somebody was faster, or this browser was and its answer was lost: the page says what became of it.
    onError: () => queryClient.invalidateQueries({ queryKey: ['claim', token] }),
  })
  const reject = useMutation({
    mutationFn: () => act(path`/v1/claims/${token}/reject`),
    onSuccess: async () => {
      dialog.close()
      await queryClient.invalidateQueries({ queryKey: ['claim', token] })
    },
  })
  return (
    <Stack>
      <Group>
        <Button size="md" loading={accept.isPending} onClick={() => accept.mutate()}>
          {t('claims:accept')}
        </Button>
        <Button size="md" variant="default" disabled={accept.isPending} onClick={dialog.open}>
          {t('claims:reject')}
        </Button>
      </Group>
      {accept.isPending && <Loading label={t('claims:accepting')} />}
      {accept.isError && <ProblemAlert error={accept.error} />}
      <ConfirmDialog
        opened={isAsking}
        title={t('claims:rejectAsk')}
        text={t('claims:rejectText')}
        confirm={t('claims:reject')}
        isBusy={reject.isPending}
        error={reject.error}
        onConfirm={() => reject.mutate()}
        onClose={dialog.close}
      />
    </Stack>
  )
}
