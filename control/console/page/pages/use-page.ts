import { useEffect, useState } from 'preact/hooks'
import { type PageName, pageOf, titles } from './routes.ts'

/** The page that the address names; its heading gets the focus when somebody goes there. */
export function usePage(): PageName {
  const [page, setPage] = useState<PageName>(() => pageOf(location.hash) ?? 'overview')
  useEffect(() => {
    const follow = () => setPage(before => pageOf(location.hash) ?? before)
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])
  useEffect(() => {
    const title = page === 'overview' ? 'Tributary' : `${titles[page]} · Tributary`
    if (document.title === title) return
    document.title = title
    scrollTo(0, 0)
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  }, [page])
  return page
}
