import { expect, test } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import { carryOut, type Step } from '../../../control/tables/carry-out.ts'

/** Steps on a list: each adds its name, and takes it away again. */
function world() {
  const there: string[] = []
  const told: string[] = []
  const step = (
    name: string,
    { failsAt, isOfHalf = false }: { failsAt?: 'run' | 'undo'; isOfHalf?: boolean } = {},
  ): Step => ({
    text: name,
    run: async () => {
      if (failsAt !== 'run' || isOfHalf) there.push(name)
      if (failsAt === 'run')
        throw new TribError('DATABASE_FAILED', 'the disk is full', { hint: 'npx trib status' })
    },
    undo: {
      text: name,
      isOfHalf,
      run: async () => {
        if (failsAt === 'undo') throw new Error('it does not answer')
        there.splice(there.indexOf(name), 1)
      },
    },
  })
  const run = (steps: readonly Step[]) =>
    carryOut(steps, { onStep: text => told.push(text), again: 'npx trib add' })
  return { there, told, step, run }
}

test('every step is done in its order', async () => {
  const { there, step, run } = world()
  await run([step('grant'), step('topic'), step('sink')])
  expect(there).toEqual(['grant', 'topic', 'sink'])
})

test('where one fails, what was done is taken back, the last first', async () => {
  const { there, told, step, run } = world()
  await expect(run([step('grant'), step('topic'), step('sink', { failsAt: 'run' })])).rejects.toMatchObject({
    message: 'sink: the disk is full; what was done before is taken back',
    hint: 'npx trib status',
  })
  expect(there).toEqual([])
  expect(told).toEqual(['grant', 'topic', 'taken back: topic', 'taken back: grant'])
})

test('one that failed half-way is taken back, too', async () => {
  const { there, step, run } = world()
  await expect(run([step('source', { failsAt: 'run', isOfHalf: true })])).rejects.toThrow(
    'source: the disk is full; what was done before is taken back',
  )
  expect(there).toEqual([])
})

test('where the first fails, nothing was changed', async () => {
  const { step, run } = world()
  await expect(run([step('grant', { failsAt: 'run' })])).rejects.toThrow(
    'grant: the disk is full; nothing was changed',
  )
})

test('what cannot be taken back is said, with the command that goes on', async () => {
  const { there, step, run } = world()
  await expect(
    run([step('grant'), step('topic', { failsAt: 'undo' }), step('sink', { failsAt: 'run' })]),
  ).rejects.toMatchObject({
    message: 'sink: the disk is full; this could not be taken back: topic (it does not answer)',
    hint: 'npx trib add',
  })
  expect(there).toEqual(['topic'])
})
