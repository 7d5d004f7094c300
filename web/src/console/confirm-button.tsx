import { Button, Checkbox, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { useAction } from './use-action.ts'

export interface Confirmation {
  readonly reason: string
  readonly isChecked: boolean
}

interface ConfirmButtonProps {
  readonly label: string
  readonly on: string
  readonly title: string
  readonly text?: string
  readonly done: string
  /** Asks for a reason, which must be given. */
  readonly reason?: { readonly label: string; readonly hint: string }
  /** Offers a choice. */
  readonly check?: string
  readonly isCheckedAtFirst?: boolean
  readonly run: (confirmation: Confirmation) => Promise<unknown>
}

/** A button that asks first: for what cannot be taken back. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, on, title, text, done, reason, check, isCheckedAtFirst = false, run } = props
  const [isOpen, dialog] = useDisclosure(false)
  const [words, setWords] = useState('')
  const [isChecked, setChecked] = useState(isCheckedAtFirst)
  const action = useAction(run, done, dialog.close)
  return (
    <>
      <Button size="xs" variant="default" aria-label={`${label}: ${on}`} onClick={dialog.open}>
        {label}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        title={title}
        {...(text === undefined ? {} : { text })}
        confirm={label}
        isBusy={action.isPending}
        isReady={reason === undefined || words.trim() !== ''}
        error={action.error}
        onConfirm={() => action.mutate({ reason: words.trim(), isChecked })}
        onClose={dialog.close}
      >
        {reason !== undefined && (
          <Textarea
            label={reason.label}
            description={reason.hint}
            required
            maxLength={1000}
            autosize
            minRows={2}
            value={words}
            onChange={({ currentTarget }) => setWords(currentTarget.value)}
          />
        )}
        {check !== undefined && (
          <Checkbox
            label={check}
            checked={isChecked}
            onChange={({ currentTarget }) => setChecked(currentTarget.checked)}
          />
        )}
      </ConfirmDialog>
    </>
  )
}
