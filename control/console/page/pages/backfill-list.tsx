import type { BackfillCard } from '../../inventory/backfill-reader.ts'
import { CommandLine } from '../parts/command.tsx'
import { age, count } from '../parts/words.ts'

/** Each table whose rows are read again, with how far it is. */
export function BackfillList({ backfills }: { readonly backfills: readonly BackfillCard[] | undefined }) {
  if (!backfills) return <p class="empty">Looking …</p>
  if (backfills.length === 0) {
    return (
      <div class="muted">
        None is. How to ask for it: <CommandLine command="npx trib backfill --help" />
      </div>
    )
  }
  return (
    <ul class="backfills">
      {backfills.map(one => (
        <li key={`${one.source} ${one.table} ${one.where}`} data-backfill={one.table} data-state={one.state}>
          <span class="name">{one.table}</span>
          <span class="muted">{one.source}</span>
          <Progress backfill={one} />
          <span class="muted said-of">{saidOf(one)}</span>
          {one.where !== null && <code>where {one.where}</code>}
        </li>
      ))}
    </ul>
  )
}

function Progress({ backfill: { table, percent, state } }: { readonly backfill: BackfillCard }) {
  const about = `How far ${table} is`
  // One that is at work and whose keys do not tell moves to and fro.
  if (percent === null && state !== 'waiting') return <progress aria-label={about} />
  return <progress aria-label={about} max={100} value={percent ?? 0} />
}

const words = {
  running: 'being read',
  paused: 'paused',
  waiting: 'waits for the one before it',
  unknown: 'at work or paused: its database did not say',
} as const

function saidOf({ state, percent, rows, secondsLeft }: BackfillCard): string {
  const about = rows === null ? undefined : `about ${count(rows)} rows`
  const parts = [
    words[state],
    percent === null ? about : [`${percent} %`, about].filter(Boolean).join(' of '),
    secondsLeft === null ? undefined : `${age(secondsLeft)} left`,
  ]
  return parts.filter(part => part !== undefined).join(' · ')
}
