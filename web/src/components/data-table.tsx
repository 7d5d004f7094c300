import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './data-table.module.css'

interface DataTableProps {
  readonly caption: string
  /** Where a heading above says the same: only read aloud. */
  readonly hidesCaption?: boolean
  /** An empty one heads a column that is only a picture. */
  readonly heads: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
}

/** A table with its caption. The first cell of a row names it. */
export function DataTable({ caption, hidesCaption = false, heads, rows }: DataTableProps) {
  return (
    // What may scroll must take the focus, or the keyboard cannot reach what stands at the side.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      className={styles['frame']}
      role="group"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
    >
      <table className={styles['table']}>
        <caption>{hidesCaption ? <VisuallyHidden>{caption}</VisuallyHidden> : caption}</caption>
        <thead>
          <tr>
            {heads.map((head) =>
              head === '' ? (
                <td key="picture" />
              ) : (
                <th key={head} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [name, ...cells] }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={heads[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
