import { type Command, Option } from 'commander'
import type { ConnectClient, Connector } from '../../connect/connect-api.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { Shell } from '../../shell.ts'
import { forEach } from './change-state.ts'
import { chooseConnectors, findConnector } from './choose-connectors.ts'
import { openConnect } from './open-connect.ts'
import { withoutKind } from './without-kind.ts'

interface RestartOptions {
  readonly regexp: boolean
  readonly tasks: 'all' | 'failed'
}

export function addRestartCommand(program: Command, shell: Shell): void {
  program
    .command('restart [names...]')
    .description('restart connectors with those of their tasks that failed, or one task: NAME/0')
    .addOption(
      new Option('--tasks <which>', 'which tasks are restarted, too')
        .choices(['failed', 'all'])
        .default('failed'),
    )
    .option('-e, --regexp', 'the names are patterns', false)
    .action(async (words: string[], options: RestartOptions, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const names = withoutKind(words, ['connector', 'connectors', 'task', 'tasks'])
      const live = await connect.list()
      const targets = findTargets(live, names, options)
      const byName = new Map(targets.map(target => [target.label, target]))
      await forEach(
        shell,
        command,
        targets.map(({ label }) => ({ name: label })),
        async ({ name: label }) => restart(connect, byName.get(label), options),
      )
    })
}

interface Target {
  readonly label: string
  readonly connector: Connector
  /** undefined: the connector itself, with its tasks. */
  readonly task: number | undefined
}

/** A name with a slash is a task, unless a connector is called just that. */
function findTargets(
  live: readonly Connector[],
  names: readonly string[],
  { regexp }: RestartOptions,
): readonly Target[] {
  const tasks = names.flatMap(name => {
    const [, owner, id] = /^(.+)\/(\d+)$/.exec(name) ?? []
    const isTask = owner !== undefined && !live.some(one => one.name === name)
    return isTask ? [{ label: name, connector: findConnector(live, owner), task: Number(id) }] : []
  })
  for (const { label, connector, task } of tasks) {
    if (connector.tasks.some(({ id }) => id === task)) continue
    const ids = connector.tasks.map(({ id }) => `${connector.name}/${id}`).join(', ')
    throw new TribError('CONNECTOR_UNKNOWN', `there is no task '${label}'`, {
      hint: ids ? `tasks: ${ids}` : `${connector.name} has no task; it is ${connector.state}`,
    })
  }
  const others = names.filter(name => !tasks.some(({ label }) => label === name))
  if (others.length === 0 && tasks.length > 0) return tasks
  const chosen = chooseConnectors(live, { names: others, isRegexp: regexp, whenNone: 'refuse' })
  return [...tasks, ...chosen.map(connector => ({ label: connector.name, connector, task: undefined }))]
}

async function restart(
  connect: ConnectClient,
  target: Target | undefined,
  { tasks }: RestartOptions,
): Promise<string> {
  if (!target) return ''
  const { connector, task } = target
  if (task !== undefined) {
    await connect.restartTask(connector.name, task)
    return 'restarted'
  }
  await connect.restart(connector.name, { includeTasks: true, onlyFailed: tasks === 'failed' })
  if (tasks === 'failed') return resultOf(connector)
  return `restarted, with ${connector.tasks.length} ${connector.tasks.length === 1 ? 'task' : 'tasks'}`
}

function resultOf({ state, tasks }: Connector): string {
  const failed = tasks.filter(task => task.state === 'FAILED').length
  if (failed === 0 && state !== 'FAILED') return 'nothing had failed; --tasks all restarts all the same'
  return `restarted, with ${failed} failed ${failed === 1 ? 'task' : 'tasks'}`
}
