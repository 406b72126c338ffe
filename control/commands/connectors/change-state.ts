import type { Command } from 'commander'
import type { ConnectClient, Connector } from '../../connect/connect-api.ts'
import { describeError, messageOf, TribError } from '../../errors/trib-error.ts'
import type { History } from '../../history/history.ts'
import type { Row } from '../../output/format-rows.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { steerBackfillOf } from '../tables/backfill.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { type ConnectSession, openConnect } from './open-connect.ts'
import { withoutKind } from './without-kind.ts'

interface Verb {
  readonly name: 'pause' | 'resume' | 'stop'
  readonly description: string
  readonly done: string
  readonly change: (connect: ConnectClient, name: string) => Promise<void>
}

const verbs: readonly Verb[] = [
  {
    name: 'pause',
    description: 'hold connectors where they are; their tasks stay',
    done: 'paused',
    change: (connect, name) => connect.pause(name),
  },
  {
    name: 'resume',
    description: 'let paused or stopped connectors run again',
    done: 'running',
    change: (connect, name) => connect.resume(name),
  },
  {
    name: 'stop',
    description: 'end the tasks of connectors, which keep their config and their offsets',
    done: 'stopped',
    change: (connect, name) => connect.stop(name),
  },
]

/** `pause`, `resume`, `stop`: each awaited until it is so. */
export function addStateCommands(program: Command, shell: Shell): void {
  for (const verb of verbs) {
    program
      .command(`${verb.name} [names...]`)
      .description(`${verb.description}; or what a source reads again: ${verb.name} backfill SERVICE`)
      .option('-e, --regexp', 'the names are patterns', false)
      .action(async (words: string[], { regexp }: { regexp: boolean }, command: Command) => {
        const [kind, ...rest] = words
        if (kind === 'backfill') return steerBackfillOf(shell, command, { verb: verb.name, words: rest })
        const session = await openConnect(shell, command)
        const names = withoutKind(words, ['connector', 'connectors'])
        const options = { names, isRegexp: regexp, whenNone: 'refuse' } as const
        const chosen = chooseConnectors(await session.connect.list(), options)
        await forEach(shell, command, chosen, ({ name }) => changeState(verb, name, session))
      })
  }
}

async function changeState({ done, change }: Verb, name: string, { connect, history }: ConnectSession) {
  await change(connect, name)
  await keepState(history, name, done)
  return done
}

/** Only connectors that were applied from here have a history to be kept. */
async function keepState(history: History, name: string, done: string): Promise<void> {
  const latest = await history.latest(name)
  if (!latest?.config || latest.kind === 'delete') return
  const state = done === 'paused' || done === 'stopped' ? done : 'running'
  await history.append({ name, kind: 'set-state', config: latest.config, state })
}

/** Does it to each, reports each, and goes on past a failure. */
export async function forEach(
  shell: Shell,
  command: Command,
  connectors: readonly Pick<Connector, 'name'>[],
  act: (connector: Pick<Connector, 'name'>) => Promise<string>,
): Promise<void> {
  const rows: Row[] = []
  const failures: TribError[] = []
  for (const connector of connectors) {
    const { name } = connector
    try {
      rows.push({ name, result: await act(connector), error: null })
    } catch (error) {
      if (shell.signal.aborted) throw error
      const known =
        error instanceof TribError ? error : new TribError('INTERNAL', messageOf(error), { cause: error })
      failures.push(known)
      rows.push({ name, result: 'failed', error: known.message })
      shell.writeErr(describeError(known))
    }
  }
  printRows(shell, rows, { output: globalOptions(command).output, columns: ['name', 'result'] })
  for (const failure of failures) shell.exitWith(failure.exitCode)
}
