import type {
  ActivityEntry,
  AnswerChange,
  AnswerRow,
  BoardChange,
  ConnectorCard,
  Hello,
  PipelineCard,
  VerifyState,
} from '../messages.ts'

/** Everything that a page knows; the server's events change it, nothing else does. */
export interface PageState {
  readonly link: Link
  readonly hello: Hello | undefined
  readonly board: BoardState | undefined
  readonly answers: ReadonlyMap<string, AnswerState>
  readonly verify: VerifyState | undefined
  /** Newest last. */
  readonly activity: readonly ActivityEntry[]
}

export interface Link {
  readonly kind: 'connecting' | 'live' | 'lost'
  readonly sinceMs: number
}

export type BoardState = Omit<
  BoardChange,
  'isWhole' | 'pipelines' | 'connectors' | 'gonePipelines' | 'goneConnectors'
> & {
  readonly pipelines: ReadonlyMap<string, PipelineCard>
  readonly connectors: ReadonlyMap<string, ConnectorCard>
}

export interface AnswerState {
  /** Oldest first. */
  readonly rows: readonly AnswerRow[]
  readonly problem: string | null
}

export const emptyState: PageState = {
  link: { kind: 'connecting', sinceMs: 0 },
  hello: undefined,
  board: undefined,
  answers: new Map(),
  verify: undefined,
  activity: [],
}

/** As many as the server keeps. */
const mostEntries = 500

export function withBoard(state: PageState, change: BoardChange): PageState {
  const { isWhole, pipelines, connectors, gonePipelines, goneConnectors, ...rest } = change
  const before = isWhole ? undefined : state.board
  return {
    ...state,
    board: {
      ...rest,
      pipelines: merged(before?.pipelines, pipelines, gonePipelines),
      connectors: merged(before?.connectors, connectors, goneConnectors),
    },
  }
}

export function withAnswer(state: PageState, change: AnswerChange): PageState {
  const before = change.isWhole ? [] : (state.answers.get(change.question)?.rows ?? [])
  const rows = new Map([...before, ...change.rows].map(row => [row[0], row]))
  for (const week of change.goneWeeks) rows.delete(week)
  const sorted = [...rows.values()].sort(([one], [other]) => (one < other ? -1 : 1))
  const answers = new Map(state.answers).set(change.question, { rows: sorted, problem: change.problem })
  return { ...state, answers }
}

/** After the connection came back the server sends all that it knows: what is there already is not added again. */
export function withActivity(state: PageState, entries: readonly ActivityEntry[]): PageState {
  const isNewServer = entries.length > 1 && (entries.at(-1)?.id ?? 0) < (state.activity.at(-1)?.id ?? 0)
  const before = isNewServer ? [] : state.activity
  const last = before.at(-1)?.id ?? 0
  const fresh = entries.filter(({ id }) => id > last)
  return fresh.length === 0 ? state : { ...state, activity: [...before, ...fresh].slice(-mostEntries) }
}

function merged<T extends { readonly name: string }>(
  before: ReadonlyMap<string, T> | undefined,
  changed: readonly T[],
  gone: readonly string[],
): ReadonlyMap<string, T> {
  const items = new Map(before)
  for (const item of changed) items.set(item.name, item)
  for (const name of gone) items.delete(name)
  return items
}
