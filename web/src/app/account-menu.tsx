import { Button, Menu } from '@mantine/core'
import { IconBackpack, IconLogout, IconSettings, IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { LinkButton } from '#web/components/link-button.tsx'
import { useSession } from '#web/sign-in/use-session.ts'
import { useSignOut } from '#web/sign-in/use-sign-out.ts'

export function AccountMenu() {
  const { t } = useTranslation()
  const { data: session, isPending } = useSession()
  const signOut = useSignOut()
  if (isPending) return null
  if (!session) {
    return (
      <LinkButton to="/sign-in" variant="filled" size="sm">
        {t('app:signIn')}
      </LinkButton>
    )
  }
  const who = session.identities[0]?.value ?? session.accountId
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" px="xs" aria-label={t('app:signedInAs', { who })}>
          <IconUser size={18} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('app:signedInAs', { who })}</Menu.Label>
        <Menu.Item component={Link} to="/backpack" leftSection={<IconBackpack size={16} aria-hidden />}>
          {t('collections:backpack.title')}
        </Menu.Item>
        <Menu.Item component={Link} to="/account" leftSection={<IconSettings size={16} aria-hidden />}>
          {t('app:account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {t('app:signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
