import { expect, test } from 'vitest'
import type { Database } from '../../../control/database/connect.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { type Log, silentLog } from '../../../control/output/log.ts'
import type { GeneratorDeps } from '../../../generators/generator.ts'
import { type GenerateDeps, generateMoodle } from '../../../generators/moodle/generate-moodle.ts'
import { parseGenerateOptions } from '../../../generators/moodle/generate-options.ts'

const away = new TribError('DATABASE_FAILED', 'community_db at 127.0.0.1:1: nothing listens there')
const options = parseGenerateOptions({ source: 'community-db' })

function given(connect: GeneratorDeps['connect'], log: Log = silentLog) {
  const abort = new AbortController()
  const waits: number[] = []
  const clock = {
    now: () => 0,
    async wait(ms: number, signal?: AbortSignal) {
      waits.push(ms)
      if (waits.length === 12) abort.abort(new TribError('INTERRUPTED', 'enough'))
      signal?.throwIfAborted()
    },
  }
  const deps: GenerateDeps = { connect, clock, log, signal: abort.signal, random: () => 1 }
  return { deps, waits, abort }
}

test('a database that is away is tried again, ever more slowly up to a cap', async () => {
  const { deps, waits } = given(() => Promise.reject(away))

  await expect(generateMoodle(options, deps)).rejects.toThrow('enough')

  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800])
  expect(waits.at(-1)).toBe(5_000)
})

test('the same reason is logged once', async () => {
  const warnings: string[] = []
  const { deps } = given(() => Promise.reject(away), {
    ...silentLog,
    warn: message => warnings.push(message),
  })

  await expect(generateMoodle(options, deps)).rejects.toThrow('enough')

  expect(warnings).toEqual(['waiting for the database'])
})

test('a defect is not taken for a database that is away', async () => {
  const { deps, waits } = given(() => Promise.reject(new RangeError('a defect')))

  await expect(generateMoodle(options, deps)).rejects.toThrow('a defect')

  expect(waits).toEqual([])
})

test('a defect in one source ends the other', async () => {
  const { deps } = given((source, { signal }) =>
    source === 'sites-db'
      ? Promise.reject(new RangeError('a defect'))
      : new Promise<Database>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )

  await expect(generateMoodle(parseGenerateOptions({}), deps)).rejects.toThrow('a defect')
})

test('an abort ends a connection attempt that hangs within two seconds', async () => {
  const { deps, abort } = given(
    (_, { signal }) =>
      new Promise<Database>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const startedAt = performance.now()

  const run = generateMoodle(options, deps)
  abort.abort(new TribError('INTERRUPTED', 'ended by ^C'))

  await expect(run).rejects.toThrow('ended by ^C')
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})
