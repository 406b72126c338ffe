import { useState } from 'preact/hooks'
import type { ActivityEntry, Severity } from '../messages.ts'
import { CommandLine } from './parts/command.tsx'
import { StateMark } from './parts/state-mark.tsx'
import { timeOf } from './parts/words.ts'

const shownAtFirst = 12
const marks = { info: undefined, warn: 'degraded', error: 'failed' } as const satisfies Record<
  Severity,
  string | undefined
>

/** What happened, newest first. */
export function ActivityLog({ entries }: { readonly entries: readonly ActivityEntry[] }) {
  const [isAll, setAll] = useState(false)
  const newest = entries.toReversed()
  const shown = isAll ? newest : newest.slice(0, shownAtFirst)
  return (
    <section class="card" aria-labelledby="activity-title">
      <h2 id="activity-title">Activity</h2>
      {entries.length === 0 && <p class="empty">Nothing has happened since the console started.</p>}
      <ol class="activity" aria-live="polite">
        {shown.map(({ id, atMs, severity, subject, text, command }) => (
          <li key={id} data-severity={severity}>
            <time dateTime={new Date(atMs).toISOString()}>{timeOf(atMs)}</time>
            <span>
              <Mark severity={severity} /> <strong>{subject}</strong> {text}
              {command && <CommandLine command={command} />}
            </span>
          </li>
        ))}
      </ol>
      {entries.length > shownAtFirst && (
        <button type="button" class="more" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show the newest only' : `Show all ${entries.length}`}
        </button>
      )}
    </section>
  )
}

/** What only happened is neither good nor bad: it has no mark but a dot. */
function Mark({ severity }: { readonly severity: Severity }) {
  const state = marks[severity]
  return state ? <StateMark state={state} /> : <span class="dot" aria-hidden="true" />
}
