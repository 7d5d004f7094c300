import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddedIdentity } from '#web/api/wire.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface CodeFormProps {
  readonly prove: (code: string) => Promise<AddedIdentity>
  readonly onProven: (added: AddedIdentity) => void
}

/** Takes the eight digits that were mailed. */
export function CodeForm({ prove, onProven }: CodeFormProps) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const proving = useMutation({ mutationFn: () => prove(code.trim()), onSuccess: onProven })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        proving.mutate()
      }}
    >
      <Stack align="flex-start">
        <TextInput
          label={t('accounts:code.label')}
          description={t('accounts:code.hint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <Button type="submit" loading={proving.isPending} disabled={!/^\s*\d{8}\s*$/.test(code)}>
          {t('accounts:code.prove')}
        </Button>
        {proving.isError && <ProblemAlert error={proving.error} />}
      </Stack>
    </form>
  )
}
