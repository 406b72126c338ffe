import { splitList } from './effective-config.ts'
import { masked } from './mask.ts'
import type { ChangeKind, KeyChange, PlannedChange } from './planned-change.ts'

export interface PlanRow {
  readonly [column: string]: unknown
  /** Only where it is no connector. */
  readonly resource?: 'topic'
  readonly name: string
  readonly kind: string
  readonly risk: string
  readonly keys: readonly string[]
  readonly notes: readonly string[]
}

/** For machines: names of keys only, no values. */
export function toRows(plan: readonly PlannedChange[]): readonly PlanRow[] {
  return plan.map(({ resource, name, kind, risk, keys, notes }) => ({
    ...(resource ? { resource } : {}),
    name,
    kind,
    risk,
    keys: keys.map(({ key }) => key),
    notes,
  }))
}

const signs: Readonly<Record<ChangeKind, string>> = {
  create: '+',
  configure: '~',
  'set-state': '›',
  restart: '↻',
  delete: '-',
  none: ' ',
}

/** For people: a block for each change, and one line for all that stays as it is. */
export function describePlan(plan: readonly PlannedChange[]): string {
  const changes = plan.filter(({ kind }) => kind !== 'none')
  const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map(text => text.length))
  const kindWidth = widthOf(changes.map(({ kind }) => kind))
  const nameWidth = widthOf(changes.map(shownName))
  const lines = changes.flatMap(change => {
    const { kind, risk, notes } = change
    return [
      `${signs[kind]} ${kind.padEnd(kindWidth)}  ${shownName(change).padEnd(nameWidth)}  ${risk}`,
      ...describeKeys(change).map(line => `    ${line}`),
      ...notes.map(note => `    ! ${note}`),
    ]
  })
  const unchanged = plan.length - changes.length
  const all = unchanged > 0 ? [...lines, `${unchanged} unchanged`] : lines
  return all.map(line => `${line}\n`).join('')
}

export function shownName({ resource, name }: Pick<PlannedChange, 'resource' | 'name'>): string {
  return resource ? `${resource} ${name}` : name
}

/** Of a connector that comes or goes, what it is: the rest stands in the file. */
function describeKeys({ resource, kind, keys }: PlannedChange): readonly string[] {
  if (resource || (kind !== 'create' && kind !== 'delete')) return keys.map(describeKey)
  const shown = keys.filter(({ key }) => key === 'connector.class' || key === 'state')
  const rest = keys.length - shown.length
  const lines = shown.map(({ key, from, to }) => `${key}: ${plain(to ?? from ?? '')}`)
  return rest > 0 ? [...lines, `and ${rest} more ${rest === 1 ? 'key' : 'keys'}`] : lines
}

function describeKey({ key, from, to }: KeyChange): string {
  if (from === undefined) return `${key}: + ${plain(to ?? '')}`
  if (to === undefined) return `${key}: - ${plain(from)}`
  if (from === masked && to === masked) return `${key}: *** → *** (another value)`
  return `${key}: ${describeElements(key, from, to) ?? `${plain(from)} → ${plain(to)}`}`
}

/** What came into a list and what went; undefined: it is no list, or another order is all that differs. */
function describeElements(key: string, from: string, to: string): string | undefined {
  if (!isList(key, from) && !isList(key, to)) return undefined
  const [before, after] = [splitList(from), splitList(to)]
  const added = after.filter(element => !before.includes(element))
  const removed = before.filter(element => !after.includes(element))
  const parts = [
    ...added.map(element => `+ ${plain(element)}`),
    ...removed.map(element => `- ${plain(element)}`),
  ]
  return parts.length === 0 ? undefined : parts.join('  ')
}

/** By the look of it, as a plan holds no definitions: SQL, URLs and messages have commas, too. */
const isList = (key: string, text: string) =>
  text.includes(',') && !/(url|query|statements?|string)$/.test(key) && !/[^,\s]\s+[^,\s]/.test(text)

/** In one line, whatever the value holds: nothing in it may move the cursor. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text === '' || text !== text.trim() || /[\u0000-\u001f\u007f-\u009f]/.test(text)
    ? JSON.stringify(text).replace(
        /[\u007f-\u009f]/g,
        character => `\\u00${character.charCodeAt(0).toString(16)}`,
      )
    : text
}
