import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { usePageTitle } from './use-page-title.ts'

interface PageProps {
  readonly title: string
  /** What kind of thing the title names. */
  readonly eyebrow?: string
  readonly lead?: ReactNode
  readonly children?: ReactNode
}

/** A page with its one main heading, which takes the focus after a move. */
export function Page({ title, eyebrow, lead, children }: PageProps) {
  usePageTitle(title)
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        {eyebrow !== undefined && (
          <Text c="dimmed" fw={600} size="sm">
            {eyebrow}
          </Text>
        )}
        <Title tabIndex={-1}>{title}</Title>
        {lead !== undefined && (
          <Text size="lg" maw="44rem" component="div">
            {lead}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  )
}
