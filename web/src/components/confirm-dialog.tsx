import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from './problem-alert.tsx'

interface ConfirmDialogProps {
  readonly opened: boolean
  readonly title: string
  readonly text?: string
  readonly confirm: string
  readonly isBusy: boolean
  readonly isReady?: boolean
  readonly error?: unknown
  readonly children?: ReactNode
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, text, confirm, isBusy, isReady = true, error, children, onConfirm, onClose } = props
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('components:close') }}
    >
      <Stack>
        {text !== undefined && <Text>{text}</Text>}
        {children}
        {error !== undefined && error !== null && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('components:cancel')}
          </Button>
          <Button color="red.9" loading={isBusy} disabled={!isReady} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
