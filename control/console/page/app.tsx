import { ActivityLog } from './activity-log.tsx'
import { Question } from './charts/question.tsx'
import { ConnectorList } from './connectors/connector-list.tsx'
import { PageHeader } from './page-header.tsx'
import { Picture } from './pipeline/picture.tsx'
import { usePageState } from './store.ts'
import { VerifyPanel } from './verify-panel.tsx'

export function App() {
  const state = usePageState()
  const { board, hello, answers, verify, activity, link } = state
  const isReadOnly = hello === undefined || hello.token === null
  return (
    <>
      <a class="skip" href="#main">
        Skip to the pipeline
      </a>
      <PageHeader state={state} />
      <main id="main" class={link.kind === 'lost' ? 'stale' : ''}>
        {board && <Picture board={board} />}
        <section aria-labelledby="answers-title">
          <h2 id="answers-title">What the warehouse says</h2>
          <div class="questions">
            {hello?.charts.map(plan => (
              <Question key={plan.question} plan={plan} answer={answers.get(plan.question)} />
            ))}
          </div>
        </section>
        <div class="columns">
          <ConnectorList connectors={board?.connectors ?? new Map()} isReadOnly={isReadOnly} />
          <VerifyPanel verify={verify} isReadOnly={isReadOnly} />
        </div>
        <ActivityLog entries={activity} />
      </main>
      <footer>
        <a href="/metrics">metrics</a> · <a href="/api/health">health as JSON</a> · Tributary {hello?.version}
      </footer>
    </>
  )
}
