import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { TribError } from '../errors/trib-error.ts'
import { identifyProcess, isRunning } from '../system/process-identity.ts'
import { explainFullDisk, saysFull } from './disk-space.ts'
import type { Stack } from './stack.ts'

const lockSchema = z.object({
  pid: z.number(),
  startedAt: z.string(),
  command: z.string(),
  since: z.string(),
})

type Owner = z.infer<typeof lockSchema>

/** Only one `up` or `down` at a time may change a stack; a lock whose owner is gone is taken over. */
export function lockStack(stack: Stack, command: string): Disposable {
  try {
    return takeLock(stack, command)
  } catch (error) {
    // Ending a stack is how room is made: it must not need some.
    if (command === 'down' && saysFull(error)) return { [Symbol.dispose]() {} }
    throw explainFullDisk(error, stack.folder)
  }
}

function takeLock(stack: Stack, command: string): Disposable {
  mkdirSync(stack.folder, { recursive: true })
  const path = join(stack.folder, 'lock.json')
  const me = identifyProcess(process.pid)
  const text = JSON.stringify({ ...me, command, since: new Date().toISOString() })
  for (let tries = 0; !createWhole(path, text); tries += 1) {
    const owner = readOwner(path)
    if (owner && isRunning(owner)) throw stackBusy(stack, owner)
    if (tries > 5)
      throw new TribError('STACK_BUSY', `the lock ${path} cannot be taken; somebody takes it again and again`)
    takeAway(path, owner)
  }
  return {
    [Symbol.dispose]() {
      if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true })
    },
  }
}

/** The lock appears with its content or not at all: half a lock would look like a stale one. */
function createWhole(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, text)
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Moved aside first: should another have taken it meanwhile, it is his again. */
function takeAway(path: string, stale: Owner | undefined): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readOwner(aside)
  if (moved && moved.pid !== stale?.pid) linkSync(aside, path)
  rmSync(aside, { force: true })
}

function stackBusy(stack: Stack, owner: Owner): TribError {
  const seconds = Math.round((Date.now() - Date.parse(owner.since)) / 1000)
  return new TribError(
    'STACK_BUSY',
    `another '${owner.command}' (process ${owner.pid}, since ${seconds} s) is at work on the stack '${stack.name}'`,
    { hint: `wait for it, or end it with: kill -INT ${owner.pid}; look with: npx trib status` },
  )
}

function readOwner(path: string): Owner | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
