import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ConnectorConfig, ConnectorOffset } from '../connect/connect-api.ts'
import { changedKeys } from '../connect/same-config.ts'
import type { DeclaredState } from '../declared/declared-connector.ts'
import type { Mask } from '../plan/mask.ts'
import type { ChangeKind } from '../plan/planned-change.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { fileNameOf } from './file-name.ts'
import { allLines, formatLine, type HistoryLine, lineOf, readHistoryFile } from './history-file.ts'
import { appendPrivately, filesIn, notKept } from './private-folder.ts'
import { listOffsetFiles, type SavedOffsets, saveOffsetFile } from './saved-offsets.ts'

/** `found`: somebody else's, kept before it was replaced. */
export type HistoryKind = Exclude<ChangeKind, 'none'> | 'patch' | 'rollback' | 'found'

export interface NewRevision {
  readonly name: string
  readonly kind: HistoryKind
  /** undefined: not known, or none any more. */
  readonly config: ConnectorConfig | undefined
  readonly state: DeclaredState | undefined
  /** Who did it. */
  readonly by?: string | undefined
}

export interface Revision extends Omit<NewRevision, 'by'> {
  /** 1 is the connector's first. */
  readonly revision: number
  /** ISO, UTC. */
  readonly at: string
  readonly by: string | undefined
  /** A secret stood in it in clear and was not kept: such a config cannot be given back to Connect. */
  readonly isMasked: boolean
}

export interface RevisionSummary {
  readonly revision: number
  readonly at: string
  readonly name: string
  readonly kind: HistoryKind
  /** The keys in which it differs from the revision before. */
  readonly keys: readonly string[]
  readonly state: DeclaredState | undefined
}

/** Every config that was applied from here, by connector. What cannot be read fails only where it is needed. */
export interface History {
  /** Gives the revision's number. */
  append(revision: NewRevision): Promise<number>
  /** Newest first; of one connector, or of all. */
  list(name?: string): Promise<readonly RevisionSummary[]>
  get(name: string, revision: number): Promise<Revision | undefined>
  latest(name: string): Promise<Revision | undefined>
  /** Those that were created or configured from here, and since then not deleted; sorted. */
  ownedNames(): Promise<ReadonlySet<string>>
  /** Keeps offsets before they are changed; gives the file, whose content `trib patch offsets NAME -f FILE` takes. */
  saveOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<string>
  /** Newest first. */
  listOffsets(name: string): Promise<readonly SavedOffsets[]>
}

interface HistoryOptions {
  readonly folder: string
  /** Leaves references as they are. */
  readonly mask: Mask
  /** (Default: the system's) */
  readonly clock?: Clock
}

export function createHistory({ folder, mask, clock = systemClock }: HistoryOptions): History {
  const pathOf = (name: string) => join(folder, `${fileNameOf(name)}.jsonl`)
  const read = (name: string) => readHistoryFile(pathOf(name))
  const now = () => new Date(clock.now()).toISOString()
  return {
    append: async ({ name, kind, config, state, by }) => {
      const path = pathOf(name)
      const id = randomUUID()
      const kept = config && maskConfig(config, mask)
      const isMasked = Object.entries(kept ?? {}).some(([key, value]) => isMaskedValue(value, config?.[key]))
      const entry = { id, at: now(), name, kind, config: kept, state, by, isMasked }
      appendPrivately(path, isAfterTorn => formatLine(entry, { isAfterTorn }))
      // The number is the line's place: two processes that append at once cannot both take it.
      const line = readHistoryFile(path).find(one => 'entry' in one && one.entry.id === id)
      if (line === undefined) throw notKept(path, 'it was taken away meanwhile')
      return line.revision
    },
    list: async name => {
      const files = name === undefined ? filesIn(folder, '.jsonl') : [pathOf(name)]
      return files
        .map(path => summarize(allLines(readHistoryFile(path))))
        .flatMap(inOrderOfTime)
        .sort(
          (one, other) => compare(other.at, one.at) || compare(one.name, other.name) || other.nth - one.nth,
        )
        .map(({ summary }) => summary)
    },
    get: async (name, revision) => {
      const line = read(name).find(one => one.revision === revision)
      return line && lineOf(line)
    },
    latest: async name => {
      const line = read(name).at(-1)
      return line && lineOf(line)
    },
    ownedNames: async () =>
      new Set(
        filesIn(folder, '.jsonl')
          .flatMap(path => ownedName(readHistoryFile(path)) ?? [])
          .sort(),
      ),
    saveOffsets: async (name, offsets) => saveOffsetFile(folder, { name, at: now(), offsets }),
    listOffsets: async name => listOffsetFiles(folder, name),
  }
}

function maskConfig(config: ConnectorConfig, mask: Mask): ConnectorConfig {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, mask(key, value)]))
}

/** Also what was masked before: the config of an earlier revision that is kept again with another state. */
const isMaskedValue = (kept: string, given: string | undefined) =>
  kept !== given || /(^|[=:])\*\*\*($|[@&;])/.test(kept)

function summarize(revisions: readonly Revision[]): readonly RevisionSummary[] {
  return revisions.map(({ revision, at, name, kind, config, state }, index) => {
    const before = revisions[index - 1]
    const keys = changedKeys(before?.config ?? {}, config ?? {})
    return { revision, at, name, kind, keys: before?.state === state ? keys : withState(keys, index), state }
  })
}

/** A clock that was set back, or a slower process, does not put a revision before its predecessor. */
function inOrderOfTime(summaries: readonly RevisionSummary[]) {
  let latest = ''
  return summaries.map(summary => {
    if (summary.at > latest) latest = summary.at
    return { summary, at: latest, name: summary.name, nth: summary.revision }
  })
}

/** In the first revision everything is new: a state that it does not say is no change. */
const withState = (keys: readonly string[], index: number) => (index === 0 ? keys : [...keys, 'state'].sort())

/** To pause or patch what somebody else deployed does not make it ours: pruning would delete it. */
function ownedName(lines: readonly HistoryLine[]): string | undefined {
  for (const line of lines.toReversed()) {
    const { kind, name } = lineOf(line)
    if (kind === 'create' || kind === 'configure') return name
    if (kind === 'delete') return undefined
  }
  return undefined
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
