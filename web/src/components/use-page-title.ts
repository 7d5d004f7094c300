import { useEffect } from 'react'

/** Names the page in the tab, the history and to screen readers. Without a title it leaves the one there is. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title === 'Waarmerk' ? title : `${title} · Waarmerk`
  }, [title])
}
