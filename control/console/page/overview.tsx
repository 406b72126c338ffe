import { ActivityLog } from './activity-log.tsx'
import { Question } from './charts/question.tsx'
import { ConnectorList } from './connectors/connector-list.tsx'
import { Picture } from './pipeline/picture.tsx'
import type { PageState } from './state.ts'
import { VerifyPanel } from './verify-panel.tsx'

/** Is it flowing, is it right, what does it say, and what happened. */
export function Overview({ state }: { readonly state: PageState }) {
  const { board, hello, answers, verify, activity } = state
  const isReadOnly = hello === undefined || hello.token === null
  return (
    <>
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
    </>
  )
}
