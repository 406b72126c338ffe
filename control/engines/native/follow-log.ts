import { on } from 'node:events'
import { createReadStream, existsSync, statSync, watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { TribError } from '../../errors/trib-error.ts'
import type { LogOptions } from '../engine.ts'
import type { ServiceFolder } from './service-record.ts'

/** Prints a service's log, its last lines or all of it, and goes on with what comes when following. */
export async function followLog(folder: ServiceFolder, service: string, options: LogOptions): Promise<void> {
  const { isFollowing, tail, signal, write } = options
  if (!existsSync(folder.log)) {
    throw new TribError('STACK_NOT_RUNNING', `${service} has no log: it was never started here`, {
      hint: 'npm run up',
    })
  }
  let position = tail === undefined ? 0 : await startOfTail(folder.log, tail)
  const printNew = async () => {
    // A log that shrank was rotated: begin with the new one.
    if (statSync(folder.log).size < position) position = 0
    const stream = createReadStream(folder.log, { start: position, encoding: 'utf8' })
    for await (const text of stream) {
      position += Buffer.byteLength(text)
      write(text)
    }
  }
  await printNew()
  if (!isFollowing) return
  const watcher = watch(folder.path)
  try {
    // As a queue: what is written while earlier lines are being printed is not missed.
    for await (const _change of on(watcher, 'change', { signal })) {
      if (existsSync(folder.log)) await printNew()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    watcher.close()
  }
}

/** The byte at which the last `count` lines begin, read from the end in blocks. */
async function startOfTail(path: string, count: number): Promise<number> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (count === 0) return size
    const block = Buffer.alloc(64 * 1024)
    let missing = count + 1
    for (let end = size; end > 0; end -= block.length) {
      const start = Math.max(0, end - block.length)
      const { bytesRead } = await file.read(block, 0, end - start, start)
      for (let index = bytesRead - 1; index >= 0; index -= 1) {
        const isLineEnd = block[index] === 0x0a && start + index !== size - 1
        if (isLineEnd && --missing === 1) return start + index + 1
      }
    }
    return 0
  } finally {
    await file.close()
  }
}
