import { Overview } from './overview.tsx'
import { PageHeader } from './page-header.tsx'
import { BadRecordsPage } from './pages/bad-records-page.tsx'
import { Nav } from './pages/nav.tsx'
import type { PageName } from './pages/routes.ts'
import { SlotsPage } from './pages/slots-page.tsx'
import { TablesPage } from './pages/tables-page.tsx'
import { usePage } from './pages/use-page.ts'
import type { PageState } from './state.ts'
import { usePageState } from './store.ts'

export function App() {
  const state = usePageState()
  const page = usePage()
  const { board, hello, link } = state
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <PageHeader state={state} />
      <Nav page={page} inventory={board?.inventory} />
      <main id="main" tabIndex={-1} class={link.kind === 'lost' ? 'stale' : ''}>
        <Page page={page} state={state} />
      </main>
      <footer>
        <a href="/metrics">metrics</a> · <a href="/api/health">health as JSON</a> · Tributary {hello?.version}
      </footer>
    </>
  )
}

interface PageProps {
  readonly page: PageName
  readonly state: PageState
}

function Page({ page, state }: PageProps) {
  if (page === 'overview') return <Overview state={state} />
  if (!state.board) return null
  const { inventory } = state.board
  if (page === 'tables') return <TablesPage inventory={inventory} />
  return page === 'slots' ? <SlotsPage inventory={inventory} /> : <BadRecordsPage inventory={inventory} />
}
