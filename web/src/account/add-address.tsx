import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import type { AddedIdentity } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { CodeForm } from './code-form.tsx'

/** Adds an e-mail address with a code that is mailed there. */
export function AddAddress({ onAdded }: { readonly onAdded: (added: AddedIdentity) => void }) {
  const { t, i18n } = useTranslation()
  const [email, setEmail] = useState('')
  const send = useMutation({
    mutationFn: () => act('/v1/account/identity-codes', { email: email.trim(), language: i18n.language }),
  })
  return (
    <Panel title={t('accounts:address.title')}>
      <Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            send.mutate()
          }}
        >
          <Stack align="flex-start">
            <TextInput
              label={t('signIn:email')}
              type="email"
              autoComplete="email"
              value={email}
              onChange={({ currentTarget }) => {
                send.reset()
                setEmail(currentTarget.value)
              }}
            />
            <Button
              type="submit"
              variant="default"
              loading={send.isPending}
              disabled={!/^\S+@\S+\.\S+$/.test(email.trim())}
            >
              {t('accounts:address.send')}
            </Button>
          </Stack>
        </form>
        {send.isError && <ProblemAlert error={send.error} />}
        {send.isSuccess && (
          <CodeForm
            prove={(code) => act<AddedIdentity>('/v1/account/identities', { email: email.trim(), code })}
            onProven={(added) => {
              setEmail('')
              send.reset()
              onAdded(added)
            }}
          />
        )}
      </Stack>
    </Panel>
  )
}
