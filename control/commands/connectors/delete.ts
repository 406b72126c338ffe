import type { Command } from 'commander'
import type { Connector } from '../../connect/connect-api.ts'
import { keepFound } from '../../plan/apply-plan.ts'
import type { Shell } from '../../shell.ts'
import { forEach } from './change-state.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { confirm } from './confirm.ts'
import { openConnect } from './open-connect.ts'
import { withoutKind } from './without-kind.ts'

interface DeleteOptions {
  readonly regexp: boolean
  readonly yes: boolean
}

export function addDeleteConnectorsCommand(remove: Command, shell: Shell): void {
  remove
    .command('connectors [names...]', { isDefault: true })
    .alias('connector')
    .description('delete connectors; their configs stay in the history')
    .option('-e, --regexp', 'the names are patterns; wants --yes', false)
    .option('--yes', 'without asking', false)
    .action(async (words: string[], { regexp, yes }: DeleteOptions, command: Command) => {
      const { connect, history } = await openConnect(shell, command)
      const names = withoutKind(words, ['connector', 'connectors'])
      const live = await connect.list()
      const chosen = chooseConnectors(live, { names, isRegexp: regexp, whenNone: 'refuse' })
      if (regexp) {
        const what = `this deletes ${chosen.map(({ name }) => name).join(', ')}`
        await confirm(shell, { isYes: yes, what, again: `npx trib delete -e ${names.join(' ')} --yes` })
      }
      await forEach(shell, command, chosen, async ({ name }) => {
        const connector = chosen.find(one => one.name === name)
        await keepFound(history, connector)
        await connect.delete(name)
        await history.append({ name, kind: 'delete', config: connector?.config, state: undefined })
        if (connector) shell.writeErr(leftBehind(connector))
        return 'deleted'
      })
    })
}

/** What nobody cleans up by itself: a slot holds its database's WAL until it is full. */
function leftBehind({ name, type, config }: Connector): string {
  const slot = config['slot.name']
  if (type === 'source' && slot !== undefined) {
    const database = config['database.dbname'] ?? 'its database'
    return `${name}: its replication slot '${slot}' stays in ${database} and holds WAL there; drop it if the connector is not to come back:
  select pg_drop_replication_slot('${slot}')
`
  }
  return type === 'sink'
    ? `${name}: its consumer group keeps its offsets; made again under this name it goes on from there\n`
    : ''
}
