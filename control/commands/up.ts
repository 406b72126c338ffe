import { type Command, Option } from 'commander'
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts'
import type { EngineKind } from '../engines/engine.ts'
import { hintForTarget } from '../errors/hint-for-target.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { Output } from '../output/format-rows.ts'
import { createProgress, type Progress } from '../output/progress.ts'
import { moodle } from '../scenarios/moodle.ts'
import type { FollowEvent } from '../schema/follow-event.ts'
import { globalOptions, type Shell } from '../shell.ts'
import { ensureStack } from '../stack/ensure-stack.ts'
import { findData } from '../stack/find-data.ts'
import { writeObserveFiles } from '../stack/observe.ts'
import { refuseNewerData } from '../stack/refuse-newer-data.ts'
import { requireComposeFile } from '../stack/require-compose-file.ts'
import { checkComposeFile, openSession, type Session } from '../stack/session.ts'
import { defaultStackName, openStack } from '../stack/stack.ts'
import { lockStack } from '../stack/stack-lock.ts'
import { readStackState, readStackVersion, writeStackState } from '../stack/stack-state.ts'
import { version } from '../version.ts'
import { terminal } from './terminal.ts'

interface UpOptions {
  readonly engine?: EngineKind
  readonly profile: readonly string[]
}

export function addUpCommand(program: Command, shell: Shell): void {
  program
    .command('up')
    .description('start everything, and wait until the history is in the warehouse')
    .addOption(
      new Option('--engine <kind>', 'where services run (Default: docker where it answers)').choices([
        'docker',
        'native',
      ]),
    )
    .option('--profile <name>', 'start the services of this profile too; may be repeated', collect, [])
    .action(async ({ engine: asked, profile: wanted }: UpOptions, command: Command) => {
      const { stack: stackName = defaultStackName, output } = globalOptions(command)
      const stack = openStack(shell.root, stackName)
      requireComposeFile(stack)
      using _lock = lockStack(stack, 'up')
      refuseNewerData(stack.name, readStackVersion(stack))
      const recorded = readStackState(stack)
      const profiles = activeProfiles(shell, stackName, { wanted, recorded: recorded?.profiles ?? [] })
      const holder = await findData(stack, shell)
      const choice = await chooseEngine({ asked, recorded: holder, env: shell.env, signal: shell.signal })
      shell.signal.throwIfAborted()
      await ensureStack(stack, { hasData: holder !== undefined, env: shell.env })
      const run = async ({ kind, reason }: EngineChoice) => {
        announce(shell, stackName, { kind, reason })
        const session = await openSession(shell, { stackName, profiles, engine: kind })
        const createdAt = recorded?.createdAt ?? new Date().toISOString()
        writeObserveFiles(stack, session.topology)
        const onPrepared = () => writeStackState(stack, { engine: kind, profiles, version, createdAt })
        return runUp(shell, session, { onPrepared, output })
      }
      await run(choice).catch(error => {
        // Images that cannot be had are no reason to stop where nobody insisted on Docker.
        const mayFallBack = choice.kind === 'docker' && asked === undefined && holder === undefined
        if (!mayFallBack || !(error instanceof TribError) || error.code !== 'IMAGE_UNAVAILABLE') throw error
        return run({ kind: 'native', reason: error.message })
      })
    })
}

interface Profiles {
  readonly wanted: readonly string[]
  readonly recorded: readonly string[]
}

/** Those of earlier runs stay active until `down`; reading the file now means that a bad one changes nothing. */
function activeProfiles(shell: Shell, stackName: string, { wanted, recorded }: Profiles): readonly string[] {
  const known = checkComposeFile(shell, stackName, wanted)
  return [...new Set([...recorded.filter(profile => known.includes(profile)), ...wanted])]
}

interface RunOptions {
  readonly onPrepared: () => void
  readonly output: Output
}

async function runUp(shell: Shell, session: Session, { onPrepared, output }: RunOptions): Promise<void> {
  const startedAt = Date.now()
  // Loaded here: `--help` and the other commands do not wait for it.
  const [{ bringUp }, { printResult }] = await Promise.all([
    import('../up/bring-up.ts'),
    import('../up/print-result.ts'),
  ])
  const { changes, warnings, dashboard } = await withProgress(shell, async progress => {
    const report = await bringUp({ session, scenario: moodle, progress, signal: shell.signal, onPrepared })
    const metabase = await makeDashboards(session, progress, shell.signal)
    const all = [...report.changes, ...(metabase?.changes ?? [])]
    return { changes: all, warnings: report.warnings, dashboard: metabase?.url }
  })
  await followOnce(shell, session.stack.name)
  const tookMs = Date.now() - startedAt
  await printResult(shell, session, { scenario: moodle, changes, dashboard, tookMs, output })
  const mend = hintForTarget('npx trib verify --repair', { stack: session.stack.name })
  for (const warning of warnings) shell.writeErr(`warning: ${warning}\n`)
  if (warnings.length > 0) shell.writeErr(`  → ${mend}\n`)
}

/** Notes what the tables are like, so that a change that nobody watches is understood later; and follows one that was. */
async function followOnce(shell: Shell, stackName: string): Promise<void> {
  const [{ followSchemas }, { openLocalContext }, { createConnectClient }, { openSinkProgress }] =
    await Promise.all([
      import('../schema/follow-schemas.ts'),
      import('../contexts/local-context.ts'),
      import('../connect/connect-client.ts'),
      import('../kafka/sink-progress.ts'),
    ])
  const context = openLocalContext(shell, { stackName, isFallback: false })
  const connect = createConnectClient(await context.connect(), { signal: shell.signal })
  await using progress = openSinkProgress(() => context.kafka())
  const log = shell.log({ isDebug: false })
  const onEvent = ({ level, object, sentence, command }: FollowEvent) =>
    log[level](`${object}: ${sentence}`, command === undefined ? {} : { command: shell.toPaste(command) })
  try {
    await followSchemas({ context, connect, progress, onEvent, signal: shell.signal, isOnce: true })
  } catch (error) {
    shell.signal.throwIfAborted()
    // Everything runs: that is what was asked for.
    log.warn(`the tables could not be compared: ${messageOf(error)}`, { command: 'npx trib follow --once' })
  }
}

/** Where the profile bi is active, and the engine runs Metabase. */
async function makeDashboards(session: Session, progress: Progress, signal: AbortSignal) {
  if (!session.topology.services.some(({ name }) => name === 'metabase')) return undefined
  const states = await session.engine.status()
  if (states.find(({ service }) => service === 'metabase')?.state !== 'healthy') return undefined
  const { provisionStack } = await import('../metabase/provision-stack.ts')
  progress.step('dashboards', 'working', 'asking Metabase')
  const provisioned = await provisionStack(session, signal)
  const { changes } = provisioned
  progress.step('dashboards', 'done', changes.length === 0 ? 'up to date' : `${changes.length} changes`)
  return provisioned
}

async function withProgress<T>(
  shell: Shell,
  work: (progress: ReturnType<typeof createProgress>) => Promise<T>,
): Promise<T> {
  using progress = createProgress(terminal(shell))
  return await work(progress)
}

function announce(shell: Shell, stackName: string, { kind, reason }: EngineChoice): void {
  const stack = stackName === defaultStackName ? '' : ` as the stack '${stackName}'`
  shell.writeErr(`Tributary comes up ${kind === 'native' ? 'natively' : 'on Docker'}${stack} (${reason})\n`)
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
