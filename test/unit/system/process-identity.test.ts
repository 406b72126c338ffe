import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endProcess } from '../../../control/system/end-process.ts'
import { identifyProcess, isRunning } from '../../../control/system/process-identity.ts'

test('a process is known by its start, so that its pid in other hands is not it', () => {
  const me = identifyProcess(process.pid)

  expect(me && isRunning(me)).toBe(true)
  expect(me && isRunning({ ...me, startedAt: `${me.startedAt}0` })).toBe(false)
})

test('ending leaves alone a process that merely has the recorded pid', async () => {
  expect(
    await endProcess({ pid: process.pid, startedAt: 'long ago' }, { signal: 'SIGKILL', graceMs: 10 }),
  ).toBe('gone')
})

test('a process that ignores the gentle signal is killed after its grace', async () => {
  const child = spawn(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
  ])
  await once(child.stdout, 'data')
  const identity = identifyProcess(child.pid ?? -1)
  if (!identity) throw new Error('the child is not running')

  expect(await endProcess(identity, { signal: 'SIGTERM', graceMs: 50 })).toBe('killed')
  expect(isRunning(identity)).toBe(false)
})
