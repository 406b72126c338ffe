import { useState } from 'preact/hooks'
import type { ConnectorCard } from '../../messages.ts'
import { byName } from '../parts/by-name.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { counted } from '../parts/words.ts'
import { ConfirmDialog, type Intent } from './confirm-dialog.tsx'
import { badnessOf, stateOf, tasksOf, wordOf } from './connector-state.ts'

interface ConnectorListProps {
  readonly connectors: ReadonlyMap<string, ConnectorCard>
  readonly isReadOnly: boolean
}

const shownAtFirst = 12

export function ConnectorList({ connectors, isReadOnly }: ConnectorListProps) {
  const [intent, setIntent] = useState<Intent | undefined>()
  const [isAll, setAll] = useState(false)
  const [said, setSaid] = useState('')
  const all = [...connectors.values()].sort(
    (one, other) => badnessOf(other) - badnessOf(one) || byName(one, other),
  )
  const shown = isAll ? all : all.slice(0, shownAtFirst)
  return (
    <section class="card" aria-labelledby="connectors-title">
      <h2 id="connectors-title">Connectors</h2>
      {all.length === 0 && <p class="empty">None can be seen.</p>}
      {all.length > 0 && (
        <table class="connectors">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Tasks</th>
              {!isReadOnly && (
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map(connector => (
              <ConnectorRow
                key={connector.name}
                connector={connector}
                onIntent={isReadOnly ? undefined : setIntent}
              />
            ))}
          </tbody>
        </table>
      )}
      {all.length > shownAtFirst && (
        <button type="button" class="more" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show fewer' : `Show all ${counted(all.length, 'connector')}`}
        </button>
      )}
      {isReadOnly && <p class="muted">This console only shows: it was started with --read-only.</p>}
      <p class="said" role="status">
        {said}
      </p>
      {intent && <ConfirmDialog intent={intent} onClose={() => setIntent(undefined)} onSaid={setSaid} />}
    </section>
  )
}

interface ConnectorRowProps {
  readonly connector: ConnectorCard
  readonly onIntent: ((intent: Intent) => void) | undefined
}

function ConnectorRow({ connector, onIntent }: ConnectorRowProps) {
  const { name, type, state, failure } = connector
  const isHeld = state === 'PAUSED' || state === 'STOPPED'
  return (
    <tr data-connector={name} data-state={stateOf(connector)}>
      <th scope="row">
        <span class="name">{name}</span>
        <span class="muted kind">
          {type} · {connector.class}
        </span>
        {failure && <span class="failure">{failure}</span>}
      </th>
      <td data-label="State">
        <span class="state">
          <StateMark state={stateOf(connector)} />
          {wordOf(connector)}
        </span>
      </td>
      <td data-label="Tasks">{tasksOf(connector)}</td>
      {onIntent && (
        <td class="actions">
          <button type="button" onClick={() => onIntent({ connector, verb: 'restart' })}>
            Restart<span class="visually-hidden"> {name}</span>
          </button>
          <button type="button" onClick={() => onIntent({ connector, verb: isHeld ? 'resume' : 'pause' })}>
            {isHeld ? 'Resume' : 'Pause'}
            <span class="visually-hidden"> {name}</span>
          </button>
        </td>
      )}
    </tr>
  )
}
