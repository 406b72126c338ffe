import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { Clock } from '../../system/clock.ts'
import type { VerifyReport } from '../../verify/verify-report.ts'
import type { Activity } from '../activity.ts'
import type { VerifyState } from '../messages.ts'

export interface VerifierOptions {
  /** With the stack or context that a command is to reach. */
  readonly toPaste: (text: string) => string
  /** As `trib verify` does; never repairs. */
  readonly verify: (options: VerifyCall) => Promise<VerifyReport>
  readonly activity: Pick<Activity, 'note'>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onChange: (state: VerifyState) => void
}

export interface VerifyCall {
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Verifier {
  /** Begins, and resolves when it is over; refuses while one is at work. Never rejects for what is verified. */
  start(): { readonly done: Promise<void> }
  state(): VerifyState
}

/** Progress moves with every chunk: pages need no more of it than they can show. */
const progressEveryMs = 250

/** One verification at a time, and what the last one said. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { verify, activity, clock, signal, toPaste, onChange } = options
  let state: VerifyState = {
    ...{ isRunning: false, progress: null, finishedAtMs: null, report: null, problem: null },
    command: null,
  }
  let shownAt = 0
  const tell = (change: Partial<VerifyState>) => {
    state = { ...state, ...change }
    onChange(state)
  }
  const onProgress = (progress: string) => {
    if (clock.now() - shownAt < progressEveryMs) return
    shownAt = clock.now()
    tell({ progress })
  }
  const run = async () => {
    try {
      const report = await verify({ signal, onProgress })
      const note = noteOf(report)
      const command = note.command && toPaste(note.command)
      tell({ isRunning: false, progress: null, finishedAtMs: clock.now(), report, problem: null, command })
      activity.note(note)
    } catch (error) {
      if (signal.aborted) return
      const problem = messageOf(error)
      const command = error instanceof TribError ? (error.hint ?? null) : null
      tell({ isRunning: false, progress: null, problem, command: command && toPaste(command) })
      activity.note({ severity: 'error', subject: 'verify', text: problem, command })
    }
  }
  return {
    start() {
      if (state.isRunning) throw new TribError('USAGE', 'a verification is at work already')
      tell({ isRunning: true, progress: 'looking for tables' })
      activity.note({ severity: 'info', subject: 'verify', text: 'began', command: null })
      return { done: run() }
    },
    state: () => state,
  }
}

function noteOf({ equal, tables, seconds }: VerifyReport) {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0).toLocaleString('en')
  const took = `${seconds.toFixed(1)} s`
  if (equal) {
    const text = `the warehouse equals its sources: ${rows} rows in ${tables.length} tables (${took})`
    return { severity: 'info', subject: 'verify', text, command: null } as const
  }
  const wrong = tables.filter(table => table.missing.length + table.extra.length + table.different.length > 0)
  if (wrong.length > 0) {
    const text = `${wrong.map(({ table }) => table).join(', ')} differ from the source (${took})`
    return { severity: 'error', subject: 'verify', text, command: 'npx trib verify --repair' } as const
  }
  const [unsure] = tables.filter(({ error }) => error !== undefined)
  const text = `${unsure?.table ?? 'a table'} could not be compared: ${unsure?.error ?? 'its columns differ'}`
  return { severity: 'warn', subject: 'verify', text, command: unsure?.hint ?? 'npx trib verify' } as const
}
