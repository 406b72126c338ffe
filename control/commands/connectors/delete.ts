import type { Command } from 'commander'
import type { Connector } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { sqlName, sqlText } from '../../health/commands-to-paste.ts'
import { named } from '../../output/shell-words.ts'
import { keepFound } from '../../plan/apply-plan.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import type { Shell } from '../../shell.ts'
import { forEach } from './change-state.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { confirm } from './confirm.ts'
import { openConnect } from './open-connect.ts'
import { withoutKind } from './without-kind.ts'

interface DeleteOptions {
  readonly regexp: boolean
  readonly dropSlot: boolean
  readonly dropPublication: boolean
  readonly yes: boolean
}

export function addDeleteConnectorsCommand(remove: Command, shell: Shell): void {
  remove
    .command('connectors [names...]', { isDefault: true })
    .alias('connector')
    .description('delete connectors; their configs stay in the history')
    .option('-e, --regexp', 'the names are patterns; wants --yes', false)
    .option(
      '--drop-slot',
      'of a source: its replication slot, too, and with it its position; wants --yes',
      false,
    )
    .option('--drop-publication', 'of a source: its publication, too; wants --yes', false)
    .option('--yes', 'without asking', false)
    .action(async (words: string[], options: DeleteOptions, command: Command) => {
      const { regexp, yes } = options
      const { connect, history, context } = await openConnect(shell, command)
      const names = withoutKind(words, ['connector', 'connectors'])
      const live = await connect.list()
      const chosen = chooseConnectors(live, { names, isRegexp: regexp, whenNone: 'refuse' })
      if (regexp) {
        const what = `this deletes ${chosen.map(({ name }) => name).join(', ')}`
        await confirm(shell, { isYes: yes, what, again: `npx trib delete -e ${named(names, '--yes')}` })
      }
      const drop = await prepareDrop(shell, { ...options, chosen, live, context, names })
      await forEach(shell, command, chosen, async ({ name }) => {
        const connector = chosen.find(one => one.name === name)
        await keepFound(history, connector)
        await connect.delete(name)
        await history.append({ name, kind: 'delete', config: connector?.config, state: undefined })
        if (connector) await drop(connector)
        if (connector) shell.writeErr(leftBehind(connector, options))
        return 'deleted'
      })
    })
}

interface DropOptions extends DeleteOptions {
  readonly chosen: readonly Connector[]
  readonly live: readonly Connector[]
  readonly context: OpenContext
  readonly names: readonly string[]
}

/** Asks before anything is deleted; gives what drops the rest of a source that is gone. */
async function prepareDrop(
  shell: Shell,
  { chosen, live, context, names, dropSlot, dropPublication, regexp, yes }: DropOptions,
): Promise<(connector: Connector) => Promise<void>> {
  if (!dropSlot && !dropPublication) return async () => {}
  const { dropLeftBehind, refuseShared } = await import('../../slots/drop-left-behind.ts')
  const sources = chosen.filter(({ type, config }) => kindOf(config, type).debezium === 'postgres')
  refuseShared(sources, live)
  const flags = [dropSlot && '--drop-slot', dropPublication && '--drop-publication'].filter(Boolean).join(' ')
  const lost = dropSlot ? ', and could not go on where they are: made again, they begin with a snapshot' : ''
  const what = `${sources.map(({ name }) => name).join(', ')} would be deleted with what is kept for it in its database${lost} (loses-position)`
  const again = `npx trib delete${regexp ? ' -e' : ''} ${named(names, `${flags} --yes`)}`
  if (!regexp) await confirm(shell, { isYes: yes, what, again })
  return async connector => {
    if (!sources.includes(connector)) return
    const done = await dropLeftBehind(connector, {
      ...{ context, hasSlot: dropSlot, hasPublication: dropPublication, signal: shell.signal },
    })
    shell.writeErr(done.map(line => `${line}\n`).join(''))
  }
}

/** What nobody cleans up by itself: a slot holds its database's WAL until it is full. */
function leftBehind({ name, type, config }: Connector, { dropSlot, dropPublication }: DeleteOptions): string {
  const slot = config['slot.name']
  const publication = config['publication.name']
  if (type === 'source' && slot !== undefined) {
    const database = config['database.dbname'] ?? 'its database'
    const slotLines = `${name}: its replication slot '${slot}' stays in ${database} and holds WAL there; drop it if the connector is not to come back (the next time by --drop-slot):
  select pg_drop_replication_slot(${sqlText(slot)})
`
    const publicationLines = `${name}: its publication '${publication}' stays, too (--drop-publication): drop publication ${sqlName(publication ?? '')}\n`
    return `${dropSlot ? '' : slotLines}${dropPublication || publication === undefined ? '' : publicationLines}`
  }
  return type === 'sink'
    ? `${name}: its consumer group keeps its offsets; made again under this name it goes on from there\n`
    : ''
}
