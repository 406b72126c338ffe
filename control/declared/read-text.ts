import { open } from 'node:fs/promises'
import { reasonOf } from './find-files.ts'
import type { AddProblem } from './input-problems.ts'

/** What `process.stdin` is, or all that came from it. */
export type ByteSource = AsyncIterable<Uint8Array | string> | Promise<Uint8Array>

/** Ours have 3 kB; what is larger than this is a dump named by mistake. So much YAML takes 3 to 5 s to parse. */
const mostBytes = 4 * 1024 * 1024

/** The text of a file, without its byte order mark; undefined, and a problem, where it has none. */
export async function readTextFile(path: string, add: AddProblem): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r')
    const stats = await file.stat()
    if (stats.isFile() && stats.size > mostBytes) return tooLarge(add, stats.size)
    return await readTextStream(file.createReadStream({ autoClose: false }), add)
  } catch (error) {
    add(undefined, `cannot be read: ${reasonOf(error)}`)
    return undefined
  }
}

/** Bounded, because neither standard input nor a pipe (`<(…)`) says beforehand how long it is. */
export async function readTextStream(source: ByteSource, add: AddProblem): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of source instanceof Promise ? [await source] : source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    chunks.push(bytes)
    length += bytes.length
    if (length > mostBytes) return tooLarge(add, source instanceof Promise ? length : undefined)
  }
  const bytes = Buffer.concat(chunks)
  const text = decode(bytes)
  if (text === undefined) {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const spot = isUtf16 ? undefined : { line: firstInvalidLine(bytes), path: '' }
    add(spot, isUtf16 ? 'is UTF-16; save it as UTF-8' : 'is not UTF-8 text; save it as UTF-8')
  } else if (text.trim() === '') add(undefined, 'is empty')
  else return text
  return undefined
}

function tooLarge(add: AddProblem, bytes: number | undefined): undefined {
  const size = bytes === undefined ? 'more than 4 MiB' : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  add(undefined, `has ${size}; a file of connectors may have 4 MiB`)
}

/** Takes a byte order mark away. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end === -1 ? bytes.length : end + 1
    if (decode(bytes.subarray(start, stop)) === undefined) return line
    start = stop
  }
  return line
}
