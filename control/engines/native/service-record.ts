import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { isRunning } from '../../system/process-identity.ts'

const recordSchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** When it was started, ISO. */
  since: z.string(),
  /** Hash of everything the process was started with: another one means that settings changed. */
  launchHash: z.string(),
  /** How it is ended, whatever became of the compose file. */
  stopSignal: z.custom<NodeJS.Signals>(value => typeof value === 'string' && value in constants.signals),
  stopGraceMs: z.number(),
})

/** What is known of a process that was started for a service; read back by later commands. */
export type ServiceRecord = z.infer<typeof recordSchema>

export interface ServiceFolder {
  readonly path: string
  readonly log: string
}

export function serviceFolder(stackFolder: string, service: string): ServiceFolder {
  const path = join(stackFolder, 'services', service)
  return { path, log: join(path, 'service.log') }
}

export function readRecord(folder: ServiceFolder): ServiceRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(join(folder.path, 'process.json'), 'utf8')))
  } catch {
    return undefined
  }
}

/** The record of a process that runs now; a stale one, or one whose pid is somebody else's, counts as none. */
export function runningRecord(folder: ServiceFolder): ServiceRecord | undefined {
  const record = readRecord(folder)
  return record && isRunning(record) ? record : undefined
}

export function writeRecord(folder: ServiceFolder, record: ServiceRecord): void {
  mkdirSync(folder.path, { recursive: true })
  const path = join(folder.path, 'process.json')
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}

export function removeRecord(folder: ServiceFolder): void {
  rmSync(join(folder.path, 'process.json'), { force: true })
}

/** The services that were ever started here and have a record still. */
export function recordedServices(stackFolder: string): readonly string[] {
  const folder = join(stackFolder, 'services')
  return existsSync(folder) ? readdirSync(folder) : []
}
