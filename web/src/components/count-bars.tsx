import { useFormat } from '#web/i18n/use-format.ts'
import { DataTable } from './data-table.tsx'
import styles from './share-bar.module.css'

interface CountBarsProps {
  readonly caption: string
  readonly heads: readonly [what: string, count: string]
  readonly counts: readonly { readonly label: string; readonly count: number }[]
}

/** Numbers beside each other, each with a bar as long as its part of the largest. */
export function CountBars({ caption, heads: [what, count], counts }: CountBarsProps) {
  const { number } = useFormat()
  const most = Math.max(1, ...counts.map((each) => each.count))
  return (
    <DataTable
      caption={caption}
      heads={[what, count, '']}
      rows={counts.map((each) => ({
        key: each.label,
        cells: [
          each.label,
          number(each.count),
          <span key="bar" className={styles['tracked']} aria-hidden>
            {each.count > 0 && <span style={{ width: `${(100 * each.count) / most}%` }} />}
          </span>,
        ],
      }))}
    />
  )
}
