import { join } from 'node:path'
import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { readPluginKeys } from '../connect/plugin-keys.ts'
import type { DeclaredConnector } from '../declared/declared-connector.ts'
import { readDeclared } from '../declared/read-declared.ts'
import { refuseSecrets } from '../declared/refuse-secrets.ts'
import { checkLiteralSecrets, maskValue } from '../declared/secrets.ts'
import { TribError } from '../errors/trib-error.ts'
import type { History } from '../history/history.ts'
import { named, shellWord } from '../output/shell-words.ts'
import { applyPlan } from '../plan/apply-plan.ts'
import { planChanges } from '../plan/plan-changes.ts'
import { isRisky } from '../plan/planned-change.ts'
import { untilSettled } from '../plan/until-settled.ts'
import { keepByHand } from './keep-by-hand.ts'

interface RegisterOptions {
  readonly connect: ConnectClient
  readonly history: History
  readonly root: string
  /** Below `root`; holds one `NAME.json` for each connector. */
  readonly folder: string
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}

/** What `trib apply --wait` does, for the files of a scenario; what was changed by hand since then stays. */
export async function registerConnectors(options: RegisterOptions): Promise<readonly string[]> {
  const { connect, history, root, folder, names, signal, onProgress } = options
  const { connectors: inFiles } = await readDeclared({
    paths: names.map(name => join(folder, `${name}.json`)),
    readStdin: async () => new Uint8Array(),
    cwd: root,
  })
  refuseSecrets(inFiles.flatMap(one => checkLiteralSecrets(one)))
  const live = await connect.list()
  const declared = await Promise.all(
    inFiles.map(one => withWhatIsKept(one, { history, live: live.find(({ name }) => name === one.name) })),
  )
  const keysOf = await readPluginKeys(
    connect,
    [...declared, ...live].map(({ config }) => config),
  )
  const plan = planChanges({ declared, live, keysOf, owned: [], isPruning: false, mask: maskValue })
  const risky = plan.filter(isRisky)
  if (risky.length > 0) {
    const what = risky.map(({ name, risk, notes }) => `${name} ${risk}: ${notes[0]}`).join('; ')
    throw new TribError('CONFIRMATION_NEEDED', `the files would change deployed connectors: ${what}`, {
      hint: `npx trib apply -f ${shellWord(folder)} --yes; then npm run up`,
    })
  }
  const applied = await applyPlan({
    connect,
    plan,
    declared,
    live,
    history,
    signal,
    onApplied: ({ name, kind }) => onProgress(`${kind} ${name}`),
  })
  signal.throwIfAborted()
  for (const { error } of applied) if (error) throw error
  await untilAllRun(options)
  return applied.flatMap(({ name, outcome }) => (outcome === 'done' ? [name] : []))
}

interface KeepOptions {
  readonly history: History
  readonly live: Connector | undefined
}

async function withWhatIsKept(
  inFile: DeclaredConnector,
  { history, live }: KeepOptions,
): Promise<DeclaredConnector> {
  if (!live) return inFile
  const revisions = await history.list(inFile.name)
  const fromFiles = revisions.find(({ kind }) => kind === 'create' || kind === 'configure')
  const applied = fromFiles && (await history.get(inFile.name, fromFiles.revision))?.config
  return keepByHand(inFile, { live: live.config, revisions, applied })
}

async function untilAllRun({ connect, names, signal, onProgress }: RegisterOptions): Promise<void> {
  const [failure] = await untilSettled({
    connect,
    wanted: new Map(names.map(name => [name, undefined])),
    deadlineMs: 90_000,
    signal,
    isRestarting: true,
    onProgress: detail => onProgress(`waiting for ${detail}`),
  })
  if (failure) throw failure
  for (const { name, state } of await connect.list()) {
    if (!names.includes(name) || (state !== 'PAUSED' && state !== 'STOPPED')) continue
    throw new TribError('CONNECTOR_FAILED', `${name} is ${state.toLowerCase()}; it was left as it is`, {
      hint: `npx trib resume ${named(name)}`,
    })
  }
}
