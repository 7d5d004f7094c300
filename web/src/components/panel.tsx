import { Group, Paper, Title } from '@mantine/core'
import { type ReactNode, useContext, useId } from 'react'
import { PanelLevel } from './panel-level.ts'

interface PanelProps {
  readonly title?: string
  /** Level of the title; without it that of the place, which is 2 on a page. */
  readonly order?: 2 | 3 | 4
  /** Beside the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A sheet of paper with one subject. With a title it is a landmark of that name. */
export function Panel({ title, order: ownOrder, aside, children }: PanelProps) {
  const level = useContext(PanelLevel)
  const order = ownOrder ?? level
  const id = useId()
  const isNamed = title !== undefined
  return (
    <Paper
      component={isNamed ? 'section' : 'div'}
      {...(isNamed ? { 'aria-labelledby': id } : {})}
      withBorder
      radius="lg"
      p={{ base: 'md', sm: 'lg' }}
      bg="var(--surface)"
      style={{ borderColor: 'var(--line)' }}
    >
      {isNamed && (
        <Group justify="space-between" mb="sm">
          <Title order={order} id={id} size={order === 2 ? 'h2' : 'h3'}>
            {title}
          </Title>
          {aside}
        </Group>
      )}
      {children}
    </Paper>
  )
}
