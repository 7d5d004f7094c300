import { Button, Indicator } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isSignedIn, useSession } from '#web/sign-in/use-session.ts'
import { useUnread } from './use-notifications.ts'

/** Leads to what somebody is told, and says how much of it is unread. */
export function Bell() {
  const { t } = useTranslation()
  const { data: session } = useSession()
  const isFor = isSignedIn(session)
  const unread = useUnread(isFor)
  if (!isFor) return null
  return (
    <Indicator label={unread > 99 ? '99+' : unread} disabled={unread === 0} size={16} offset={4}>
      <Button
        component={Link}
        to="/notifications"
        variant="default"
        size="sm"
        px="xs"
        aria-label={unread === 0 ? t('notifications:bell') : t('notifications:unread', { unread })}
      >
        <IconBell size={18} aria-hidden />
      </Button>
    </Indicator>
  )
}
