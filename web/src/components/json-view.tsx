import styles from './json-view.module.css'

/** A document as text, to be read whole. Scrolls by keyboard too. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    // What scrolls must take the focus, or the keyboard cannot reach what is below.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      className={styles['frame']}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
    >
      <pre>{JSON.stringify(value, undefined, 2)}</pre>
    </div>
  )
}
