import { expect, test } from 'vitest'
import { createJobs, type Job } from '../../../control/console/run-jobs.ts'
import { systemClock } from '../../../control/system/clock.ts'

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))

function start(job: Omit<Job, 'about'>) {
  const notes: string[] = []
  const ending = new AbortController()
  const jobs = createJobs([{ about: 'does a thing', ...job }], {
    activity: { note: ({ subject, text }) => notes.push(`${subject}: ${text}`) },
    ...{ clock: systemClock, signal: ending.signal, onChange: () => {}, restMs: 1 },
  })
  jobs.start(job.name)
  return { jobs, notes }
}

test('a job that fails says so once for each reason, and begins again', async () => {
  let runs = 0
  const { jobs, notes } = start({
    name: 'follow',
    run: async signal => {
      runs += 1
      if (runs < 4) throw new Error(runs < 3 ? 'no database' : 'no table')
      await untilAborted(signal)
    },
  })

  await expect.poll(() => runs).toBe(4)

  expect(notes).toEqual(['follow: no database', 'follow: no table'])
  expect(jobs.states()).toMatchObject([{ name: 'follow', isRunning: true, problem: 'no table' }])
  await jobs.stop('follow')
  expect(jobs.states()).toMatchObject([{ isRunning: false }])
})

test('a job that is stopped ends, and can be started again; two starts are one', async () => {
  let runs = 0
  const { jobs } = start({
    name: 'follow',
    run: signal => {
      runs += 1
      return untilAborted(signal)
    },
  })

  jobs.start('follow')
  await jobs.stop('follow')
  jobs.start('follow')
  await jobs[Symbol.asyncDispose]()

  expect(runs).toBe(2)
})
