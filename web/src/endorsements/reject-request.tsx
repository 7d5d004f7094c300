import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'

interface RejectRequestProps {
  readonly token: string
  readonly onRejected: () => void
}

export function RejectRequest({ token, onRejected }: RejectRequestProps) {
  const { t } = useTranslation()
  const [isOpen, dialog] = useDisclosure(false)
  const reject = useMutation({
    mutationFn: () => act(path`/v1/endorsement-requests/${token}/reject`),
    onSuccess: () => {
      dialog.close()
      onRejected()
    },
  })
  return (
    <div>
      <Button variant="default" onClick={dialog.open}>
        {t('endorsements:reject')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        title={t('endorsements:rejectAsk')}
        text={t('endorsements:rejectText')}
        confirm={t('endorsements:reject')}
        isBusy={reject.isPending}
        error={reject.error}
        onConfirm={() => reject.mutate()}
        onClose={dialog.close}
      />
    </div>
  )
}
