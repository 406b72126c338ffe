import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identifyProcess } from '../../control/system/process-identity.ts'
import { createTestStack, type TestStack } from '../support/trib.ts'
import { isAlive, pidsOf, startStranger } from './processes.ts'

const mebibyte = 1024 * 1024
let stack: TestStack
let folder: string
let mounted: string[]

beforeEach(() => {
  stack = createTestStack()
  folder = mkdtempSync(join(tmpdir(), 'tributary-disk-'))
  // Whoever runs Postgres must be able to enter a cache.
  chmodSync(folder, 0o755)
  mounted = []
})

afterEach(async () => {
  // What is mounted cannot be removed: the processes first, then the disk, then the rest.
  await stack.trib(['down'])
  for (const disk of mounted) execFileSync('umount', [disk])
  rmSync(folder, { recursive: true, force: true })
  await stack[Symbol.asyncDispose]()
})

const whyNot = reasonAgainstMounting()

function reasonAgainstMounting(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk needs root on Linux'
  const place = mkdtempSync(join(tmpdir(), 'tributary-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'pipe' })
    execFileSync('umount', [place])
    return undefined
  } catch (error) {
    return `no small disk can be mounted here: ${error}`
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** A disk of this size in the folder's place. */
function mountDisk(path: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'tmpfs', path])
  mounted.push(path)
}

/** Writes until nothing more goes. */
function fill(path: string): void {
  expect(() => writeFileSync(join(path, 'filler'), Buffer.alloc(8 * mebibyte))).toThrow('ENOSPC')
}

const up = (env: Readonly<Record<string, string>> = {}) => stack.trib(['up', '--engine', 'native'], { env })
const hint = () => `  → free some space there, then: npm run up -- --stack ${stack.name}`
/** From the code on: what stands before it is progress. */
const failureIn = (stderr: string) => stderr.slice(stderr.indexOf('SERVICE_FAILED'))

test('a disk with too little room is refused before anything starts', async ({ skip }) => {
  skip(whyNot !== undefined, whyNot)
  mountDisk(stack.folder, 'size=60m,nr_inodes=0')

  const { code, stdout, stderr } = await up()

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(failureIn(stderr)).toBe(
    `SERVICE_FAILED: the disk is full: ${stack.folder} has 59 MB left, a stack needs 256 MB\n${hint()}\n`,
  )
  expect(readdirSync(stack.folder)).toEqual(['.env'])
})

test('a disk with no room at all is named as the reason', async ({ skip }) => {
  skip(whyNot !== undefined, whyNot)
  mountDisk(stack.folder, 'size=1m,nr_inodes=0')
  fill(stack.folder)

  const { code, stdout, stderr } = await up()

  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `SERVICE_FAILED: the disk is full: ${stack.folder} has 0 MB left; ENOSPC: no space left on device, write\n${hint()}\n`,
  })
  expect(readdirSync(stack.folder)).toEqual(['filler'])
})

test('a disk that becomes full on the way is named with who met it; nothing is left running unsaid', async ({
  skip,
}) => {
  skip(whyNot !== undefined, whyNot)
  // Room for bytes, not for files: so the look before the start lets it through, every time.
  mountDisk(stack.folder, 'size=400m,nr_inodes=2500')

  const { code, stdout, stderr } = await up()

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(failureIn(stderr)).toMatch(
    /^SERVICE_FAILED: the disk is full: \S+\/data has \d+ MB and room for [\d,]+ files left; [^\n]*no space left on device[^\n]*\n/i,
  )
  expect(failureIn(stderr)).toContain(hint())
  const pids = Object.entries(pidsOf(stack.folder))
  const running = pids.filter(([, pid]) => isAlive(pid)).map(([service]) => service)
  const told = /; still running: (.*); end them with: npm run down/.exec(stderr)?.[1]?.split(', ') ?? []
  expect(told).toEqual(expect.arrayContaining(running))
})

test('down ends a stack whose disk has no room at all', async ({ skip }) => {
  skip(whyNot !== undefined, whyNot)
  await using service = await startStranger()
  mountDisk(stack.folder, 'size=1m,nr_inodes=0')
  const path = join(stack.folder, 'services', 'kafka-1')
  mkdirSync(path, { recursive: true })
  const record = {
    ...identifyProcess(service.pid),
    since: new Date().toISOString(),
    launchHash: '',
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
  }
  writeFileSync(join(path, 'process.json'), JSON.stringify(record))
  fill(stack.folder)

  const { code, stderr } = await stack.trib(['down'])

  expect(stderr).toContain(
    `1 services ended; data kept, npm run up -- --stack ${stack.name} goes on with it\n`,
  )
  expect(code).toBe(0)
  expect(isAlive(service.pid)).toBe(false)
})

test('a cache without room is named, and keeps nothing that looks whole', async ({ skip }) => {
  skip(whyNot !== undefined, whyNot)
  const cache = join(folder, 'cache')
  mkdirSync(cache)
  mountDisk(cache, 'size=20m,nr_inodes=0')

  const { code, stdout, stderr } = await up({ TRIBUTARY_CACHE: cache })

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(failureIn(stderr)).toMatch(
    /^SERVICE_FAILED: the disk is full: \S+ has \d+ MB left; ENOSPC: no space left on device, [^\n]*\n/,
  )
  expect(failureIn(stderr)).toContain(`the disk is full: ${cache} has`)
  expect(stderr.endsWith(`${hint()}\n`)).toBe(true)
  // What the stack's ports are stays claimed; of the programs there is nothing.
  expect(readdirSync(cache)).toEqual(['ports'])
})
