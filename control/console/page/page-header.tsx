import { StateMark } from './parts/state-mark.tsx'
import { counted, timeOf } from './parts/words.ts'
import type { BoardState, PageState } from './state.ts'

/** The answer to the first question, before anything else: is all well? */
export function PageHeader({ state: { board, hello, link } }: { readonly state: PageState }) {
  return (
    <>
      <header class="page-head">
        <h1>Tributary</h1>
        {hello && hello.context !== 'local' && <span class="context">{hello.context}</span>}
        <p class="overall" data-state={board?.state ?? 'unknown'} role="status">
          <StateMark state={board?.state ?? 'unknown'} />
          <span>{board ? verdictOf(board) : 'Looking …'}</span>
        </p>
        <span class={`link link-${link.kind}`}>
          {link.kind === 'live' ? `live · ${board ? timeOf(board.atMs) : ''}` : 'not live'}
        </span>
      </header>
      {link.kind === 'lost' && (
        <p class="lost" role="alert">
          The connection to the console was lost at {timeOf(link.sinceMs)}. What you see is old; trying again
          …
        </p>
      )}
    </>
  )
}

function verdictOf({ pipelines, cause, state }: BoardState): string {
  const all = [...pipelines.values()]
  if (all.length === 0) return cause ?? 'No pipeline can be seen'
  const unwell = all.filter(one => one.state !== 'ok')
  if (unwell.length === 0) {
    const few = ['', 'The pipeline flows', 'Both pipelines flow']
    return few[all.length] ?? `All ${all.length} pipelines flow`
  }
  const word = unwell.every(one => one.state === state) ? state : 'not well'
  return `${unwell.length} of ${counted(all.length, 'pipeline')} ${word}: ${cause ?? ''}`
}
