import { Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, read } from '#web/api/client.ts'
import type { List, SignInAttempt, SignInProvider } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface ProviderButtonsProps {
  readonly purpose: 'sign-in' | 'add-identity'
  readonly returnTo: string
  /** The text of a button, with the name of its provider. */
  readonly label: (name: string) => string
  readonly title: string
}

/** One button for each sign-in provider of this installation; nothing where there is none. */
export function ProviderButtons({ purpose, returnTo, label, title }: ProviderButtonsProps) {
  const { i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: ['sign-in-providers'],
    queryFn: () => read<List<SignInProvider>>('/v1/sign-in-providers'),
    staleTime: 60_000,
  })
  const begin = useMutation({
    mutationFn: (provider: string) =>
      act<SignInAttempt>('/v1/sign-in-attempts', { provider, purpose, returnTo, language: i18n.language }),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  if (data === undefined || data.items.length === 0) return null
  return (
    <Panel title={title}>
      <Stack>
        {data.items.map(({ id, name }) => (
          <Button
            key={id}
            size="md"
            variant="default"
            loading={begin.isPending && begin.variables === id}
            onClick={() => begin.mutate(id)}
          >
            {label(name)}
          </Button>
        ))}
        {begin.isError && <ProblemAlert error={begin.error} />}
      </Stack>
    </Panel>
  )
}
