import { Group, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { type Fact, Facts } from '#web/components/facts.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { Pill } from '#web/components/pill.tsx'
import styles from './record.module.css'

interface RecordProps {
  readonly title: ReactNode
  /** Level of the title; default 2. */
  readonly order?: 2 | 3
  readonly state?: { readonly tone: Tone; readonly label: string }
  readonly facts?: readonly Fact[]
  readonly actions?: ReactNode
  /** How many steps it stands in, where records are a tree; default 0. */
  readonly depth?: number
  readonly children?: ReactNode
}

/** One row of the console: what it is, how it stands, what can be done. */
export function Record({ title, order = 2, state, facts, actions, depth = 0, children }: RecordProps) {
  const id = useId()
  return (
    <li
      className={styles['record']}
      aria-labelledby={id}
      style={depth === 0 ? undefined : { marginInlineStart: `${Math.min(depth, 5) * 16}px` }}
    >
      <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
        <Title order={order} size="h3" id={id}>
          {title}
        </Title>
        {state !== undefined && <Pill tone={state.tone}>{state.label}</Pill>}
      </Group>
      {facts !== undefined && <Facts facts={facts} />}
      {children}
      {actions !== undefined && (
        <Group gap="xs" mt="sm">
          {actions}
        </Group>
      )}
    </li>
  )
}
