import { Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './badge-order.module.css'

interface BadgeOrderProps {
  /** Ids in their order. */
  readonly value: readonly string[]
  readonly nameOf: (id: string) => string
  readonly onChange: (value: string[]) => void
}

/**
 * Puts badges in order with two buttons each: by keyboard, finger and mouse alike. The button that was pressed keeps the
 * focus wherever its badge goes, and the new place is said aloud.
 */
export function BadgeOrder({ value, nameOf, onChange }: BadgeOrderProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  const [moved, setMoved] = useState<{ readonly id: string; readonly by: -1 | 1 }>()
  useEffect(() => {
    if (moved === undefined) return
    list.current?.querySelector<HTMLElement>(`[data-move="${moved.id} ${moved.by}"]`)?.focus()
  }, [moved])
  const move = (at: number, by: -1 | 1) => {
    const id = value[at]
    const other = value[at + by]
    if (id === undefined || other === undefined) return
    onChange(value.with(at + by, id).with(at, other))
    setMoved({ id, by })
  }
  const placeOf = (id: string) => ({
    name: nameOf(id),
    place: value.indexOf(id) + 1,
    count: value.length,
  })
  const button = (id: string, at: number, by: -1 | 1) => {
    const words = by === -1 ? 'up' : 'down'
    const isOver = value[at + by] === undefined
    return (
      <Button
        size="xs"
        variant="default"
        px={8}
        // Not disabled at the ends: what was pressed last would lose the focus there.
        aria-disabled={isOver}
        {...(isOver ? { 'data-disabled': true } : {})}
        data-move={`${id} ${by}`}
        aria-label={t(`collections:order.${words}`, { name: nameOf(id) })}
        onClick={() => move(at, by)}
      >
        {by === -1 ? <IconArrowUp size={16} aria-hidden /> : <IconArrowDown size={16} aria-hidden />}
      </Button>
    )
  }
  return (
    <div>
      <Text size="sm" fw={500} id="badge-order">
        {t('collections:order.title')}
      </Text>
      <ol ref={list} aria-labelledby="badge-order" className={styles['order']}>
        {value.map((id, at) => (
          <li key={id}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <span>
                {at + 1}. {nameOf(id)}
              </span>
              <Group gap={4} wrap="nowrap">
                {button(id, at, -1)}
                {button(id, at, 1)}
              </Group>
            </Group>
          </li>
        ))}
      </ol>
      <VisuallyHidden role="status">
        {moved !== undefined && value.includes(moved.id) && t('collections:order.moved', placeOf(moved.id))}
      </VisuallyHidden>
    </div>
  )
}
