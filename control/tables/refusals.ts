import type { Connector } from '../connect/connect-api.ts'
import type { TableFacts } from '../doctor/subjects/table-facts.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { type Chosen, nameOf } from './choose-tables.ts'
import type { Objection } from './find-objections.ts'
import type { LeftOut } from './plan-addition.ts'

export function refuseOurs([first]: readonly Chosen<TableFacts>[]): void {
  if (!first) return
  const sentence = `${nameOf(first.table)} is a table by which Tributary works itself; nothing was changed`
  throw new TribError('USAGE', sentence, { hint: 'name tables of your application' })
}

export function refuseFlowing(flowing: readonly Chosen<TableFacts>[], { name }: Connector): void {
  if (flowing.length === 0) return
  const names = flowing.map(({ table }) => nameOf(table))
  throw new TribError(
    'USAGE',
    `${names.join(', ')} ${names.length === 1 ? 'flows' : 'flow'} from ${name} already; nothing was changed`,
    { hint: `npx trib resync table ${named([name, ...names])}` },
  )
}

export function refuseNamed(
  objections: readonly Objection[],
  chosen: readonly Chosen<TableFacts>[],
  source: Connector,
): void {
  const named = objections.filter(({ way }) =>
    chosen.some(({ table, isNamed }) => isNamed && table === way.table),
  )
  if (named.length === 0) return
  const help = named.find(one => one.help !== undefined)?.help ?? 'name the other tables only'
  throw new TribError('CONFIG_INVALID', named.map(({ reason }) => reason).join('\n'), {
    hint: `no connector was changed, and ${source.name} goes on; first: ${help}`,
  })
}

export function nothingLeft(leftOut: readonly LeftOut[], { name }: Connector): TribError {
  return new TribError('CONFIG_INVALID', leftOut.map(({ reason }) => reason).join('\n'), {
    hint: `no connector was changed, and ${name} goes on: none of the tables can be added`,
  })
}
