import type { ConnectorKind } from './connector-kind.ts'
import { splitList } from './effective-config.ts'
import { noteOfAutocreate } from './notes-of.ts'
import type { ChangedKey, RiskRow } from './risk-of.ts'

const source = ({ side }: ConnectorKind) => side === 'source'
const sink = ({ side }: ConnectorKind) => side === 'sink'
const debezium = (kind: ConnectorKind) => kind.debezium !== undefined
const postgres = (kind: ConnectorKind) => kind.debezium === 'postgres'

/** A pattern may stand in the place of the list, and match the same topics. */
const isListBefore = ({ effectiveFrom, effectiveTo }: ChangedKey) => Boolean(effectiveFrom && effectiveTo)

const elementsOnly =
  (side: 'from' | 'to') =>
  ({ effectiveFrom, effectiveTo }: ChangedKey): readonly string[] => {
    const [those, others] = side === 'to' ? [effectiveTo, effectiveFrom] : [effectiveFrom, effectiveTo]
    const known = new Set(splitList(others ?? ''))
    return splitList(those ?? '').filter(element => !known.has(element))
  }

/** Facts without a risk of their own, which are learned late otherwise. */
export const noteRows: readonly RiskRow[] = [
  {
    keys: /^(table|schema|database|collection)\.include\.list$/,
    of: debezium,
    note: changed => noteOfCaptured(changed, elementsOnly('to')(changed)),
  },
  {
    keys: /^(table|schema|database|collection)\.include\.list$/,
    of: debezium,
    note: changed => noteOfLeftOut(changed, elementsOnly('from')(changed)),
  },
  {
    keys: /^(table|schema|database|collection)\.exclude\.list$/,
    of: debezium,
    note: changed => noteOfCaptured(changed, elementsOnly('from')(changed)),
  },
  {
    keys: /^(table|schema|database|collection)\.exclude\.list$/,
    of: debezium,
    note: changed => noteOfLeftOut(changed, elementsOnly('to')(changed)),
  },
  {
    keys: /^publication\.autocreate\.mode$/,
    of: postgres,
    note: ({ effectiveTo }) => noteOfAutocreate(effectiveTo),
  },
  {
    keys: /^publication\.name$/,
    of: postgres,
    note: ({ to }) =>
      `only tables in the publication${to === undefined ? '' : ` '${to}'`} are read from now on, and it must be there before the tasks start`,
  },
  {
    keys: /^offset\.mismatch\.strategy$/,
    of: postgres,
    when: ({ effectiveTo }) => effectiveTo !== 'trust_offset',
    note: ({ effectiveTo: to = 'no_validation' }) =>
      `with offset.mismatch.strategy '${to}' changes may be skipped in silence after the database was restored or its slot made anew; 'trust_offset' fails instead`,
  },
  {
    keys: /^snapshot\.mode$/,
    of: debezium,
    when: ({ effectiveTo }) => effectiveTo === 'initial_only',
    note: () => "snapshot.mode 'initial_only' streams no changes after the snapshot",
  },
  {
    keys: /^topics$/,
    of: sink,
    when: isListBefore,
    note: changed => {
      const removed = elementsOnly('from')(changed)
      return removed.length === 0
        ? undefined
        : `records of ${removed.join(', ')} are no longer written; the group's position there expires (after 7 days by default), and then all of them are read again`
    },
  },
  {
    keys: /^topics$/,
    of: sink,
    when: isListBefore,
    note: changed => {
      const added = elementsOnly('to')(changed)
      if (added.length === 0) return undefined
      const isLatest = changed.after('consumer.override.auto.offset.reset') === 'latest'
      return isLatest
        ? `${added.join(', ')}: read from now on only, as auto.offset.reset is latest`
        : `${added.join(', ')}: read from the beginning`
    },
  },
  {
    keys: /^topics\.regex$/,
    of: sink,
    note: () =>
      'topics that the pattern newly matches are found at the next metadata refresh (metadata.max.age.ms, 5 minutes by default)',
  },
  {
    keys: /^tasks\.max$/,
    of: () => true,
    when: ({ effectiveFrom, effectiveTo }) => Number(effectiveTo ?? 1) < Number(effectiveFrom ?? 1),
    note: ({ effectiveFrom: from = '1', effectiveTo: to = '1' }) =>
      `tasks.max goes down from ${from} to ${to}: fewer tasks share the work`,
  },
  {
    keys: /^(key|value)\.converter(\.|$)/,
    of: source,
    note: () =>
      'records that are already in the topics keep their old form: whoever reads them must understand both',
  },
]

/** Without an include list all was captured before, without an exclude list too: what is then named is not new. */
function noteOfCaptured(changed: ChangedKey, added: readonly string[]): string | undefined {
  const { key, effectiveFrom, effectiveTo } = changed
  const isInclude = key.includes('include')
  const inSnapshot = 'do not come by themselves: an incremental snapshot brings them'
  if (isInclude && !effectiveTo) {
    return `without ${key} everything is read, and rows that are already there ${inSnapshot}`
  }
  if ((isInclude && !effectiveFrom) || added.length === 0) return undefined
  return `rows that are already in ${added.join(', ')} ${inSnapshot}${alsoPublished(changed)}`
}

function alsoPublished({ key, kind, after }: ChangedKey): string {
  if (kind.debezium !== 'postgres' || !key.startsWith('table.')) return ''
  if (after('publication.autocreate.mode') !== 'disabled') return ''
  return `; later ones come only if the publication '${after('publication.name')}' has the table`
}

function noteOfLeftOut(changed: ChangedKey, left: readonly string[]): string | undefined {
  const { key, effectiveFrom, effectiveTo } = changed
  const isInclude = key.includes('include')
  if (isInclude && !effectiveFrom) {
    return `only ${effectiveTo} is read from now on, what else there is no longer is`
  }
  if ((isInclude && !effectiveTo) || left.length === 0) return undefined
  return `changes in ${left.join(', ')} are no longer read; put back later, what happened meanwhile is missing`
}
