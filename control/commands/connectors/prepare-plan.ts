import { buffer } from 'node:stream/consumers'
import type { ConnectClient, Connector } from '../../connect/connect-api.ts'
import { readPluginKeys } from '../../connect/plugin-keys.ts'
import type { DeclaredConnector } from '../../declared/declared-connector.ts'
import { type Declared, readDeclared } from '../../declared/read-declared.ts'
import { refuseSecrets } from '../../declared/refuse-secrets.ts'
import { checkLiteralSecrets, maskValue } from '../../declared/secrets.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { History } from '../../history/history.ts'
import { named } from '../../output/shell-words.ts'
import { findConfigProblems } from '../../plan/find-config-problems.ts'
import { planChanges } from '../../plan/plan-changes.ts'
import type { PlannedChange } from '../../plan/planned-change.ts'
import type { Shell } from '../../shell.ts'

export interface FileOptions {
  /** Files, directories, `-`. */
  readonly file: readonly string[]
  /** For a bare config that does not say its name. */
  readonly name?: string
}

/** What the files declare; refused as a whole, with every problem of every file, before Connect is asked anything. */
export async function readFiles(shell: Shell, { file, name }: FileOptions): Promise<Omit<Declared, 'notes'>> {
  const { connectors, topics, notes } = await readDeclared({
    paths: file,
    name,
    readStdin: () => buffer(shell.stdin()),
    cwd: process.cwd(),
  })
  for (const note of notes) shell.writeErr(`note: ${note}\n`)
  refuseSecrets(connectors.flatMap(connector => checkLiteralSecrets(connector)))
  return { connectors, topics }
}

export interface PreparedPlan {
  readonly declared: readonly DeclaredConnector[]
  readonly live: readonly Connector[]
  readonly plan: readonly PlannedChange[]
}

interface PrepareOptions {
  readonly declared: readonly DeclaredConnector[]
  readonly connect: ConnectClient
  readonly history: History
  readonly isPruning?: boolean
  /** For a config that was deployed with a secret in clear by somebody else. (Default: false) */
  readonly isTakingSecrets?: boolean
}

/** The requests do not grow with the number of connectors: all of them in one, and one for each class of plugin. */
export async function preparePlan(options: PrepareOptions): Promise<PreparedPlan> {
  const { declared, connect, history, isPruning = false, isTakingSecrets = false } = options
  const live = await connect.list()
  const names = new Set(declared.map(({ name }) => name))
  // A transform that only the live config has, has defaults, too.
  const compared = [...declared, ...live.filter(({ name }) => names.has(name))]
  const keysOf = await readPluginKeys(
    connect,
    compared.map(({ config }) => config),
  )
  if (!isTakingSecrets) refuseSecrets(declared.flatMap(one => checkLiteralSecrets(one, keysOf(one.config))))
  const owned = isPruning ? await history.ownedNames() : new Set<string>()
  const plan = planChanges({ declared, live, keysOf, owned, isPruning, mask: maskValue })
  return { declared, live, plan }
}

interface ValidateOptions {
  readonly connect: ConnectClient
  readonly declared: readonly DeclaredConnector[]
  /** Keys that no plugin knows and that look like a slip are let through. */
  readonly isAllowingUnknown: boolean
}

/** Asks Connect and the plugins about every config; all problems at once, before anything is changed. */
export async function refuseInvalid(shell: Shell, options: ValidateOptions): Promise<void> {
  const problems: string[] = []
  const helps: string[] = []
  for (const one of options.declared) {
    const { errors, warnings, help } = await findProblems(one, options)
    for (const warning of warnings) shell.writeErr(`warning: ${one.name}: ${warning}\n`)
    problems.push(...errors.map(error => `${one.name} (${describeOrigin(one)}): ${error}`))
    if (errors.length > 0) helps.push(help)
  }
  if (problems.length === 0) return
  throw new TribError('CONFIG_INVALID', problems.join('\n'), { hint: `nothing was changed; ${helps[0]}` })
}

interface Problems {
  readonly errors: readonly string[]
  /** What to look at for them. */
  readonly help: string
  readonly warnings: readonly string[]
}

export async function findProblems(
  { name, config }: DeclaredConnector,
  { connect, isAllowingUnknown }: Omit<ValidateOptions, 'declared'>,
): Promise<Problems> {
  const help = `npx trib describe plugin ${named(config['connector.class'])} shows every key`
  try {
    const findings = await connect.validate({ ...config, name })
    const keys = await readPluginKeys(connect, [config])
    return { ...findConfigProblems({ config, findings, known: keys(config), isAllowingUnknown }), help }
  } catch (error) {
    // Connect could not be asked about this one, for a reason that lies in the config: an unknown class, say.
    if (error instanceof TribError && error.code === 'CONFIG_INVALID')
      return {
        errors: [error.message],
        warnings: [],
        help: 'npx trib get plugins shows those that are there',
      }
    throw error
  }
}

export function describeOrigin({ origin: { file, line } }: DeclaredConnector): string {
  return line === undefined ? file : `${file}:${line}`
}
