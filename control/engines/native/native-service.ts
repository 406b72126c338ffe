import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync } from 'node:fs'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import { endProcess } from '../../system/end-process.ts'
import { identifyProcess, isRunning } from '../../system/process-identity.ts'
import { waitFor } from '../../system/retry.ts'
import type { HealthCheck, Service } from '../../topology/topology.ts'
import type { ServiceStatus } from '../engine.ts'
import { type ProbeResult, runProbe } from './probe.ts'
import type { Launch, Recipe, RecipeContext } from './recipe.ts'
import {
  readRecord,
  removeRecord,
  runningRecord,
  type ServiceFolder,
  type ServiceRecord,
  writeRecord,
} from './service-record.ts'
import { isSuspended } from './suspended.ts'

const largestLogBytes = 20 * 1024 * 1024

/** Starts a service unless it runs already with these very settings; tells whether it did. */
export async function ensureRunning(
  recipe: Recipe,
  context: RecipeContext,
): Promise<{ hasStarted: boolean; record: ServiceRecord }> {
  const { service, folder } = context
  const launchHash = hashOf(recipe, context)
  const running = runningRecord(folder)
  if (running?.launchHash === launchHash) return { hasStarted: false, record: running }
  if (running) await endService(folder)
  await recipe.prepare(context)
  context.signal.throwIfAborted()
  const record = await launch(recipe.launch(context), {
    service,
    folder,
    launchHash,
    stopSignal: service.stopSignal ?? recipe.stopSignal,
  })
  return { hasStarted: true, record }
}

/** Waits until the health check passes; a process that ends meanwhile fails at once, with the end of its log. */
export async function untilHealthy(
  service: Service,
  folder: ServiceFolder,
  options: { record: ServiceRecord; signal: AbortSignal; onDetail: (detail: string) => void },
): Promise<void> {
  const { record, signal, onDetail } = options
  const { health } = service
  if (!health) return
  await waitFor(
    async () => {
      if (!isRunning(record)) throw endedError(service, folder)
      const result = await lookAt(service, record)
      if (result.isHealthy) return { done: true }
      onDetail(result.detail)
      return { pending: result.detail }
    },
    {
      what: `${service.name} to become healthy`,
      deadlineMs: patienceMs(health),
      intervalMs: Math.min(health.startIntervalMs, 250),
      signal,
      hint: `npx trib logs ${service.name}`,
    },
  )
}

/** As it was started to be ended. */
export async function endService(folder: ServiceFolder): Promise<boolean> {
  const record = runningRecord(folder)
  if (record) await endProcess(record, { signal: record.stopSignal, graceMs: record.stopGraceMs })
  removeRecord(folder)
  return record !== undefined
}

export async function statusOf(service: Service, folder: ServiceFolder): Promise<ServiceStatus> {
  const record = runningRecord(folder)
  const name = service.name
  if (!record) {
    const hasEnded = readRecord(folder) !== undefined
    return {
      service: name,
      state: 'stopped',
      detail: hasEnded ? `ended by itself: ${lastLogLines(folder, 1)}` : '',
      id: undefined,
    }
  }
  const result = await lookAt(service, record)
  const id = String(record.pid)
  if (result.isHealthy) return { service: name, state: 'healthy', detail: '', id }
  const isYoung =
    service.health !== undefined && Date.now() - Date.parse(record.since) < service.health.startPeriodMs
  return { service: name, state: isYoung ? 'starting' : 'unhealthy', detail: result.detail, id }
}

async function lookAt(service: Service, { pid }: ServiceRecord): Promise<ProbeResult> {
  const { health } = service
  if (isSuspended(pid))
    return { isHealthy: false, detail: `process ${pid} is suspended; it goes on with: kill -CONT ${pid}` }
  return health ? runProbe(service, health.probe, health.timeoutMs) : { isHealthy: true, detail: '' }
}

/** The end of a service's log; only its last kilobytes are read, however long it is. */
function lastLogLines(folder: ServiceFolder, count: number): string {
  if (!existsSync(folder.log)) return '(no log)'
  const size = statSync(folder.log).size
  const block = Buffer.alloc(Math.min(size, 16 * 1024))
  const log = openSync(folder.log, 'r')
  try {
    readSync(log, block, 0, block.length, size - block.length)
  } finally {
    closeSync(log)
  }
  return block.toString('utf8').trimEnd().split('\n').slice(-count).join('\n')
}

interface LaunchOptions {
  readonly service: Service
  readonly folder: ServiceFolder
  readonly launchHash: string
  readonly stopSignal: NodeJS.Signals
}

async function launch(
  plan: Launch,
  { service, folder, launchHash, stopSignal }: LaunchOptions,
): Promise<ServiceRecord> {
  rotateLog(folder)
  const log = openSync(folder.log, 'a')
  try {
    const child = spawn(plan.program, plan.args, {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(plan.user ? { uid: plan.user.uid, gid: plan.user.gid } : {}),
    })
    const pid = await spawned(child, service, plan)
    child.unref()
    const identity = identifyProcess(pid)
    if (!identity) throw endedError(service, folder)
    const record = {
      ...identity,
      since: new Date().toISOString(),
      launchHash,
      stopSignal,
      stopGraceMs: service.stopGraceMs,
    }
    recordOrEnd(service, folder, record)
    return record
  } finally {
    closeSync(log)
  }
}

/** A process that nothing knows of could not be ended by `down`: without its record it goes at once. */
function recordOrEnd(service: Service, folder: ServiceFolder, record: ServiceRecord): void {
  try {
    writeRecord(folder, record)
  } catch (error) {
    process.kill(record.pid, 'SIGKILL')
    throw new TribError(
      'SERVICE_FAILED',
      `${service.name} was ended again, because its pid could not be written down: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

function spawned(child: ChildProcess, service: Service, plan: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? -1))
    child.once('error', error =>
      reject(
        new TribError(
          'SERVICE_FAILED',
          `${service.name} could not be started: ${plan.program}: ${messageOf(error)}`,
          { cause: error },
        ),
      ),
    )
  })
}

function rotateLog(folder: ServiceFolder): void {
  if (existsSync(folder.log) && statSync(folder.log).size > largestLogBytes)
    renameSync(folder.log, `${folder.log}.1`)
}

function endedError(service: Service, folder: ServiceFolder): TribError {
  return new TribError(
    'SERVICE_FAILED',
    `${service.name} ended right after its start; its log ends with:\n${lastLogLines(folder, 8)}`,
    {
      hint: `npx trib logs ${service.name}`,
    },
  )
}

function patienceMs({ startPeriodMs, intervalMs, retries }: HealthCheck): number {
  return startPeriodMs + intervalMs * retries
}

/**
 * Whatever would make the process another one: its command, its settings, the files it reads. Not the caller's
 * environment: its PATH differs between `npm run up` and `npx trib up`.
 */
function hashOf(recipe: Recipe, context: RecipeContext): string {
  const { program, args, cwd, files } = recipe.launch(context)
  const { environment } = context.service
  const contents = files.map(file => readFileSync(file, 'utf8'))
  return createHash('sha256')
    .update(JSON.stringify({ program, args, cwd, environment, contents }))
    .digest('hex')
    .slice(0, 16)
}
