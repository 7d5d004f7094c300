import { notifications } from '@mantine/notifications'
import i18next from 'i18next'

/** Says in a corner, and to screen readers, that something was done. */
export function sayDone(message: string): void {
  notifications.show({
    message,
    color: 'leaf',
    closeButtonProps: { 'aria-label': i18next.t('components:close') },
  })
}
