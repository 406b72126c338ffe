import { useState } from 'preact/hooks'
import type { ConnectorCard } from '../../messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { send } from '../send.ts'

export interface Intent {
  readonly connector: ConnectorCard
  readonly verb: 'restart' | 'pause' | 'resume'
}

interface ConfirmDialogProps {
  readonly intent: Intent
  readonly onClose: () => void
  readonly onSaid: (text: string) => void
}

const consequences: Readonly<Record<Intent['verb'], string>> = {
  restart: 'Rows stop for a few seconds; none is lost.',
  pause: 'Rows stop until it is resumed; a source keeps its place, and its database keeps WAL for it.',
  resume: 'It goes on where it stopped.',
}

const done: Readonly<Record<Intent['verb'], string>> = {
  restart: 'was restarted',
  pause: 'is paused',
  resume: 'runs again',
}

/** Asks first, then says what came of it. */
export function ConfirmDialog({ intent: { connector, verb }, onClose, onSaid }: ConfirmDialogProps) {
  const [tasks, setTasks] = useState<'failed' | 'all'>('failed')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const { name } = connector
  const act = async () => {
    setBusy(true)
    setProblem('')
    try {
      await send(`/api/connectors/${encodeURIComponent(name)}/${verb}`, verb === 'restart' ? { tasks } : {})
      onSaid(`${name} ${done[verb]}.`)
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={`${verb} ${name}?`} onClose={onClose}>
      <p>{consequences[verb]}</p>
      {verb === 'restart' && (
        <fieldset class="choices">
          <legend>With its tasks</legend>
          {(['failed', 'all'] as const).map(which => (
            <label key={which}>
              <input type="radio" name="tasks" checked={tasks === which} onChange={() => setTasks(which)} />
              {which === 'failed' ? 'those that failed' : 'all of them'}
            </label>
          ))}
        </fieldset>
      )}
      {problem && (
        <p class="notice notice-failed" role="alert">
          {problem}
        </p>
      )}
      <p class="buttons">
        <button type="button" class="primary" disabled={isBusy} onClick={act}>
          {isBusy ? `${verb} …` : `Yes, ${verb}`}
        </button>
        <button type="button" disabled={isBusy} onClick={onClose}>
          No
        </button>
      </p>
    </Dialog>
  )
}
