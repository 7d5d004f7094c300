import { useFormat } from '#web/i18n/use-format.ts'
import { DataTable } from './data-table.tsx'
import styles from './share-bar.module.css'

export interface Part {
  readonly label: string
  readonly count: number
  /** What both have, what comes more, what falls away. */
  readonly tone: 'kept' | 'more' | 'fewer'
}

interface ShareBarProps {
  /** What the heading above it says. */
  readonly caption: string
  /** What the parts are, and the heading of their numbers. */
  readonly heads: readonly [what: string, count: string]
  readonly parts: readonly Part[]
}

/** Parts of a whole as one bar. The table below it says the same: nobody needs the picture. */
export function ShareBar({ caption, heads, parts }: ShareBarProps) {
  const { number } = useFormat()
  return (
    <div>
      <div className={styles['bar']} aria-hidden>
        {parts
          .filter(({ count }) => count > 0)
          .map(({ label, count, tone }) => (
            <span key={label} data-tone={tone} style={{ flexGrow: count }} />
          ))}
      </div>
      <DataTable
        caption={caption}
        hidesCaption
        heads={heads}
        rows={parts.map(({ label, count, tone }) => ({
          key: label,
          cells: [
            <>
              <span className={styles['dot']} data-tone={tone} aria-hidden />
              {label}
            </>,
            number(count),
          ],
        }))}
      />
    </div>
  )
}
