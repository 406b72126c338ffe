import { type Command, InvalidArgumentError } from 'commander'
import type { ConnectorConfig } from '../../connect/connect-api.ts'
import type { DeclaredConnector } from '../../declared/declared-connector.ts'
import { refuseSecrets } from '../../declared/refuse-secrets.ts'
import { checkLiteralSecrets } from '../../declared/secrets.ts'
import { TribError } from '../../errors/trib-error.ts'
import { named, shellWord } from '../../output/shell-words.ts'
import type { Shell } from '../../shell.ts'
import { carryOut } from './apply.ts'
import { findConnector } from './choose-connectors.ts'
import { printPlan } from './diff.ts'
import { openConnect } from './open-connect.ts'
import { preparePlan, refuseInvalid } from './prepare-plan.ts'

interface PatchOptions {
  readonly set: ReadonlyMap<string, string>
  readonly remove: readonly string[]
  readonly dryRun: boolean
  readonly yes: boolean
  readonly wait: boolean
  readonly allowUnknown: boolean
}

export function addPatchConnectorCommand(patch: Command, shell: Shell): void {
  patch
    .command('connector <name>', { isDefault: true })
    .alias('connectors')
    .description('change single keys of a deployed connector')
    .option('-s, --set <key=value>', 'a key and its value; repeatable', addPair, new Map())
    .option('-r, --remove <key>', 'a key that goes; repeatable', addKey, [])
    .option('--dry-run', 'validate and show the plan only; ends with 3 if there is something', false)
    .option('--wait', 'until it and all its tasks run', false)
    .option('--yes', 'go on even where a position is lost or a snapshot is taken again', false)
    .option('--allow-unknown', 'let keys through that no plugin knows', false)
    .action(async (name: string, options: PatchOptions, command: Command) => {
      if (options.set.size + options.remove.length === 0) {
        throw new TribError('USAGE', `nothing to change was given for ${name}`, {
          hint: `npx trib patch ${named(name, '--set KEY=VALUE --remove KEY')}`,
        })
      }
      const session = await openConnect(shell, command)
      const { connect, history } = session
      const before = findConnector(await connect.list(), name)
      const given = toDeclared(name, Object.fromEntries(options.set))
      // What was in clear before is not this change's fault; what is written now is.
      refuseSecrets(checkLiteralSecrets(given))
      const declared = [toDeclared(name, patched(before.config, options))]
      const prepared = await preparePlan({ declared, connect, history, isTakingSecrets: true })
      await refuseInvalid(shell, { connect, declared, isAllowingUnknown: options.allowUnknown })
      if (options.dryRun) return printPlan(shell, command, prepared.plan)
      const again = (flag = '') => `npx trib patch ${named(name, `${describe(options)} ${flag}`.trim())}`
      await carryOut(shell, command, session, {
        ...prepared,
        ...options,
        timeout: 60,
        again,
        keptAs: 'patch',
      })
    })
}

function patched(before: ConnectorConfig, { set, remove }: PatchOptions): ConnectorConfig {
  const kept = Object.entries(before).filter(([key]) => !remove.includes(key))
  return Object.fromEntries([...kept, ...set])
}

function toDeclared(name: string, config: ConnectorConfig): DeclaredConnector {
  return { name, config, state: undefined, origin: { file: '--set', line: undefined } }
}

function describe({ set, remove, allowUnknown }: PatchOptions): string {
  const pairs = [...set].map(([key, value]) => `--set ${shellWord(`${key}=${value}`)}`)
  const rest = allowUnknown ? ['--allow-unknown'] : []
  return [...pairs, ...remove.map(key => `--remove ${shellWord(key)}`), ...rest].join(' ')
}

function addPair(text: string, pairs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('KEY=VALUE is wanted, such as --set tasks.max=2')
  return new Map([...pairs, [text.slice(0, at), text.slice(at + 1)]])
}

function addKey(key: string, keys: readonly string[]): readonly string[] {
  return [...keys, key]
}
