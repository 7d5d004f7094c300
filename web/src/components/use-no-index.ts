import { useEffect } from 'react'

/** Asks search engines to keep away from this page for as long as it is shown. The server says so in a header too. */
export function useNoIndex(isHidden: boolean): void {
  useEffect(() => {
    if (!isHidden) return
    const meta = document.createElement('meta')
    meta.name = 'robots'
    meta.content = 'noindex'
    document.head.append(meta)
    return () => meta.remove()
  }, [isHidden])
}
