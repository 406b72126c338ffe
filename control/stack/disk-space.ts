import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, TribError } from '../errors/trib-error.ts'

/** A first `up` with the default history writes 171 MB, measured; the half on top is for what comes live. */
const leastFreeBytes = 256 * 1024 * 1024

/** With less than this nothing can be written, not even the log line that would say so. */
const nothingFreeBytes = 1024 * 1024

/** Before anything starts: on a disk that fills up, Postgres and Kafka end in the middle of their work. */
export function refuseFullDisk(folder: string): void {
  if (spaceOf(folder).freeBytes >= leastFreeBytes) return
  throw new TribError(
    'SERVICE_FAILED',
    `the disk is full: ${folder} has ${leftOf(folder)}, a stack needs ${megabytes(leastFreeBytes)} MB`,
    { hint: makeRoom },
  )
}

const makeRoom = 'free some space there, then: npm run up'

/** The error itself, unless the reason for it is that the folder's disk is full. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  const reason = messageOf(error)
  if (!saysFull(error) && spaceOf(folder).freeBytes >= nothingFreeBytes) return error
  return new TribError('SERVICE_FAILED', `the disk is full: ${folder} has ${leftOf(folder)}; ${reason}`, {
    hint: makeRoom,
    cause: error,
  })
}

/** In the words of Node, Java and Postgres alike. */
export function saysFull(error: unknown): boolean {
  return /no space left on device/i.test(messageOf(error))
}

/** Bytes or files: a disk of many small files runs out of the latter first. */
function leftOf(folder: string): string {
  const { freeBytes, freeFiles } = spaceOf(folder)
  const files = freeFiles === undefined ? '' : ` and room for ${freeFiles.toLocaleString('en')} files`
  return `${megabytes(freeBytes)} MB${files} left`
}

function spaceOf(folder: string): { readonly freeBytes: number; readonly freeFiles: number | undefined } {
  const { bavail, bsize, files, ffree } = statfsSync(nearestThere(folder))
  // Some file systems make room for files as they need it, and count none.
  return { freeBytes: bavail * bsize, freeFiles: files === 0 ? undefined : ffree }
}

function nearestThere(folder: string): string {
  return existsSync(folder) ? folder : nearestThere(dirname(folder))
}

const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024)
