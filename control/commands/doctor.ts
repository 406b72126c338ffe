import type { Command } from 'commander'
import type { Connector } from '../connect/connect-api.ts'
import { createConnectClient } from '../connect/connect-client.ts'
import type { DeclaredConnector } from '../declared/declared-connector.ts'
import type { Finding } from '../doctor/finding.ts'
import type { Diagnosis } from '../doctor/run-doctor.ts'
import type { Examined } from '../doctor/subjects/examined.ts'
import { exitCodes } from '../errors/error-codes.ts'
import { describeError, TribError } from '../errors/trib-error.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { globalOptions, printRows, type Shell } from '../shell.ts'
import { chooseConnectors } from './connectors/choose-connectors.ts'
import { confirm } from './connectors/confirm.ts'
import { type ConnectSession, openConnect } from './connectors/open-connect.ts'
import { readFiles } from './connectors/prepare-plan.ts'
import { requireConnectors } from './connectors/require-connectors.ts'

interface DoctorCommandOptions {
  readonly file?: readonly string[]
  readonly name?: string
  readonly list: boolean
  readonly deep: boolean
  readonly fix: boolean
  readonly dryRun: boolean
  readonly yes: boolean
}

/** Ends with 5 for a warning, 6 for an error. */
export function addDoctorCommand(program: Command, shell: Shell): void {
  program
    .command('doctor [connectors...]')
    .description(
      'look for what keeps rows from arriving whole: databases, topics, workers; with what mends it',
    )
    .option('-f, --file <path...>', 'look at what these files declare, before it is deployed')
    .option('-n, --name <name>', 'the name, for a bare config that does not say it')
    .option('--list', 'name every check and what it looks for', false)
    .option('--deep', 'read values, too: every row of every captured table', false)
    .option('--fix', 'run the SQL that mends, then look again', false)
    .option('--dry-run', 'with --fix: only print what would be run', false)
    .option('--yes', 'with --fix: do not ask', false)
    .action(async (names: string[], options: DoctorCommandOptions, command: Command) => {
      const { output } = globalOptions(command)
      if (options.list) {
        const { allChecks } = await import('../doctor/all-checks.ts')
        const { toListRow } = await import('../doctor/describe-findings.ts')
        return printRows(shell, allChecks.map(toListRow), { output })
      }
      const session = await openConnect(shell, command)
      const look = await prepareLook(shell, session, { ...options, names })
      const diagnosis = await look()
      if (!options.fix) return report(shell, command, diagnosis)
      const isChanged = await mend(shell, diagnosis, options)
      return report(shell, command, isChanged ? await look() : diagnosis)
    })
}

interface LookOptions extends DoctorCommandOptions {
  readonly names: readonly string[]
}

/** What is looked at is settled once: deployed connectors, or what the files declare in their place. */
async function prepareLook(shell: Shell, session: ConnectSession, options: LookOptions) {
  const { context, connect } = session
  const { names, file, name, deep } = options
  const declared = file ? await readConnectors(shell, { file, name }) : []
  const live = await connect.list().catch(error => {
    // Files can be looked at without Connect, as far as the databases go.
    if (!file || !(error instanceof TribError) || error.code !== 'CONNECT_FAILED') throw error
    shell.writeErr(`note: ${error.message}; what only Connect knows is left out\n`)
    return undefined
  })
  const all = [
    ...declared.map(one => asExamined(one, live ?? [])),
    ...(live ?? [])
      .filter(one => !declared.some(other => other.name === one.name))
      .map(one => ({ ...one, isDeployed: true })),
  ]
  const candidates = file ? all.filter(one => declared.some(other => other.name === one.name)) : all
  const chosen = chooseConnectors(candidates, { names, isRegexp: false })
  const connectors = all.filter(one => chosen.some(other => other.name === one.name))
  const access = await context.connect()
  const workers = live
    ? access.urls.map(url =>
        createConnectClient({ ...access, urls: [url] }, { signal: shell.signal, deadlineMs: 5_000 }),
      )
    : []
  // Loaded here: `--help` and the other commands do not wait for it.
  const { runDoctor } = await import('../doctor/run-doctor.ts')
  return () =>
    runDoctor({
      ...{ connectors, all, context, workers, isDeep: deep, signal: shell.signal },
      connect: live && connect,
    })
}

async function readConnectors(
  shell: Shell,
  { file, name }: { readonly file: readonly string[]; readonly name: string | undefined },
): Promise<readonly DeclaredConnector[]> {
  const files = await readFiles(shell, { file, ...(name === undefined ? {} : { name }) })
  requireConnectors(files, { command: 'doctor', file })
  return files.connectors
}

/** As it will be: the file's config, with the state of the one that is deployed under its name. */
export function asExamined({ name, config }: DeclaredConnector, live: readonly Connector[]): Examined {
  const deployed = live.find(one => one.name === name)
  if (deployed) return { ...deployed, config, isDeployed: true }
  const { side } = kindOf(config)
  const status = { type: side, state: 'UNDEPLOYED', workerId: '', trace: undefined, tasks: [] }
  return { name, config, ...status, isDeployed: false }
}

/** Whether anything was run. */
async function mend(shell: Shell, diagnosis: Diagnosis, options: DoctorCommandOptions): Promise<boolean> {
  const { applyFixes, executableFixes } = await import('../doctor/apply-fixes.ts')
  const fixes = executableFixes(diagnosis.findings)
  if (fixes.length === 0) {
    if (diagnosis.findings.length > 0) shell.writeErr('none of it can be mended by SQL alone\n')
    return false
  }
  const plan = fixes.flatMap(({ database, statements }) =>
    statements.map(statement => `${database}: ${statement};\n`),
  )
  if (options.dryRun) {
    shell.writeErr(`would run:\n${plan.join('')}`)
    return false
  }
  if (!options.yes) shell.writeErr(plan.join(''))
  const what = `${plan.length} ${plan.length === 1 ? 'statement' : 'statements'} would be run`
  await confirm(shell, { isYes: options.yes, what, again: 'npx trib doctor --fix --yes' })
  const log = shell.log({ isDebug: false })
  const failures = await applyFixes(fixes, {
    databases: diagnosis.databases,
    signal: shell.signal,
    onStatement: (database, statement) => log.info('mended', { database, statement }),
  })
  for (const failure of failures) {
    shell.writeErr(describeError(failure))
    shell.exitWith(exitCodes.failed)
  }
  return true
}

async function report(shell: Shell, command: Command, diagnosis: Diagnosis): Promise<void> {
  const { describeFindings, toRow } = await import('../doctor/describe-findings.ts')
  const { output } = globalOptions(command)
  const pasteable = (row: ReturnType<typeof toRow>) => ({ ...row, fix: row.fix && shell.toPaste(row.fix) })
  if (output === 'table' || output === 'wide') shell.writeOut(shell.toPaste(describeFindings(diagnosis)))
  else printRows(shell, diagnosis.findings.map(toRow).map(pasteable), { output })
  shell.exitWith(exitCodeOf(diagnosis.findings))
}

function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(({ severity }) => severity === 'error')) return exitCodes.broken
  return findings.length > 0 ? exitCodes.degraded : exitCodes.ok
}
