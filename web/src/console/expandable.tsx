import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useId } from 'react'

interface ExpandableProps {
  readonly show: string
  readonly hide: string
  /** Whose it is: rows repeat the same words. */
  readonly on: string
  readonly isOpenAtFirst?: boolean
  /** Made when it is opened: what it reads is read only then. */
  readonly children: ReactNode
}

/** A part of a record that is read when it is asked for: a page of records would else read as many. */
export function Expandable({ show, hide, on, isOpenAtFirst = false, children }: ExpandableProps) {
  const [isOpen, part] = useDisclosure(isOpenAtFirst)
  const id = useId()
  const label = isOpen ? hide : show
  return (
    <div style={{ marginTop: '0.6rem' }}>
      <Button
        size="xs"
        variant="light"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`${label}: ${on}`}
        onClick={part.toggle}
      >
        {label}
      </Button>
      <div id={id}>{isOpen && children}</div>
    </div>
  )
}
