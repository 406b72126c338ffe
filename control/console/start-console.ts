import { randomBytes } from 'node:crypto'
import type { ConnectClient } from '../connect/connect-api.ts'
import { createConnectClient } from '../connect/connect-client.ts'
import { type OpenContext, openContext } from '../contexts/open-context.ts'
import { type NamedBroker, namedBrokers, openServiceContext } from '../contexts/service-context.ts'
import { observe } from '../health/observe.ts'
import type { Cluster } from '../health/snapshot.ts'
import { keepAdmin } from '../kafka/lend-admin.ts'
import { type Log, maskSecrets } from '../output/log.ts'
import { moodle } from '../scenarios/moodle.ts'
import type { Shell } from '../shell.ts'
import { secretNames } from '../stack/settings.ts'
import { defaultStackName } from '../stack/stack.ts'
import { systemClock } from '../system/clock.ts'
import { diagnose } from './ask/diagnose.ts'
import { keepAnswer } from './ask/keep-answer.ts'
import { readServiceRows } from './ask/service-rows.ts'
import { restartFailed } from './heal/restart-failed.ts'
import { createBackfillReader } from './inventory/backfill-reader.ts'
import type { InventoryReaders } from './inventory/inventory.ts'
import { createLetterReader } from './inventory/letter-reader.ts'
import { createSlotReader } from './inventory/slot-reader.ts'
import { runConsole } from './run-console.ts'
import { noAssets, readAssets } from './server/assets.ts'
import { verifyOnce } from './steer/verify-once.ts'
import { callWebhook } from './tell/call-webhook.ts'
import { keepSessions, type OpenSession } from './watch/kept-sessions.ts'
import { openInTime } from './watch/open-in-time.ts'
import { probeBrokers } from './watch/probe-brokers.ts'

interface StartOptions {
  readonly port: number
  readonly contextName: string | undefined
  readonly stackName: string | undefined
  readonly isInStack: boolean
  readonly isReadOnly: boolean
  readonly log: Log
}

/** A look that fails is told in the next second: it is not worth waiting for. */
const lookDeadlineMs = 5_000
/** With a million rows on each side the slower question takes 2.3 s. */
const answerDeadlineMs = 30_000
/** A restart waits until the tasks have come back. */
const steerDeadlineMs = 30_000

/** A diagnosis asks some hundred questions. */
const doctorForMs = 60_000

const kept = <T>(make: () => Promise<T>, forMs: number) => keepAnswer(make, { clock: systemClock, forMs })

/** Builds the real parts, and serves until the signal aborts, which rejects with its reason. */
export async function startConsole(shell: Shell, options: StartOptions): Promise<never> {
  const { port, isInStack, isReadOnly, log } = options
  const { signal, toPaste } = shell
  const webhookUrl = shell.env['CONSOLE_WEBHOOK_URL'] || undefined
  const mask = (text: string) => maskSecrets(text, shell.secrets())
  shell.addSecrets(secretNames.flatMap(name => shell.env[name] ?? []))
  // Who knows such an address may often post there.
  if (webhookUrl) shell.addSecrets([webhookUrl])
  const context = isInStack ? openServiceContext(shell.env) : await openContext(shell, options)
  // One watcher for each cluster: that of its stack, or one that was asked for.
  const mayRestart = shell.env['CONSOLE_RESTARTS'] === 'true' && !isReadOnly
  const brokers = async () => (isInStack ? namedBrokers(shell.env) : brokersOf(context))
  const connectOf = async (deadlineMs: number) =>
    createConnectClient(await context.connect(), {
      ...{ signal, deadlineMs, unreachableDeadlineMs: 500, stackHint: context.statusHint },
    })
  await using sessions = keepSessions()
  await using admin = keepAdmin()
  const connect = await connectOf(lookDeadlineMs)
  const steer = await connectOf(steerDeadlineMs)
  const open: OpenSession = address =>
    openInTime(sessions.open, address, { deadlineMs: lookDeadlineMs, signal })
  const parts = { context, connect, signal, clock: systemClock, cluster: clusterOf(context, options) }
  return await runConsole({
    ...{ port, isReadOnly, log, signal, clock: systemClock },
    bindAddress: isInStack ? shell.env['BIND_ADDRESS'] || '127.0.0.1' : '127.0.0.1',
    ownName: isInStack ? shell.env['CONSOLE_HOST'] : undefined,
    token: randomBytes(24).toString('base64url'),
    contextName: context.name,
    charts: moodle.charts,
    assets: shell.pageFolder === undefined ? noAssets : readAssets(shell.pageFolder),
    look: () => observe({ ...parts, open: sessions.open, lendAdmin: admin.lend }),
    inventory: inventoryOf({ context, connect, open, signal }),
    probe: async () => probeBrokers(await brokers()),
    ask: {
      status: kept(async () => readServiceRows({ context, brokers: await brokers() }), 1_000),
      doctor: kept(() => diagnose({ context, connect, signal, toPaste }), doctorForMs),
    },
    openWarehouse: async () => {
      const address = { ...(await context.warehouse()), applicationName: 'trib console' }
      return openInTime(sessions.open, address, { deadlineMs: answerDeadlineMs, signal })
    },
    steer,
    verify: async call => verifyOnce({ context, connect }, call),
    ...{ toPaste, mask },
    jobs: access => {
      const lent = { ...access, clock: systemClock }
      return [
        ...(mayRestart ? [restartFailed({ ...lent, connect: steer })] : []),
        ...(webhookUrl ? [callWebhook({ ...lent, url: webhookUrl, toPaste, mask })] : []),
      ]
    },
  })
}

interface InventoryParts {
  readonly context: OpenContext
  readonly connect: ConnectClient
  readonly open: OpenSession
  readonly signal: AbortSignal
}

const inventoryOf = (parts: InventoryParts): InventoryReaders => ({
  slots: createSlotReader(parts),
  backfills: createBackfillReader(parts),
  letters: createLetterReader(parts),
})

/** A cluster elsewhere has no names for its brokers; one that a context does not name cannot be probed. */
async function brokersOf(context: OpenContext): Promise<readonly NamedBroker[]> {
  try {
    return (await context.kafka()).brokers.map(address => ({ name: address, address }))
  } catch {
    return []
  }
}

function clusterOf(context: OpenContext, { contextName, stackName }: StartOptions): Cluster {
  return {
    ...{ context: context.name, kind: context.kind, statusHint: context.statusHint },
    contextOption: contextName,
    stackOption: context.kind === 'local' ? (stackName ?? defaultStackName) : undefined,
  }
}
