import { expect, test } from 'vitest'
import { failureOf } from '../../control/connect/failure-of.ts'
import { eventually } from '../support/trib.ts'
import type { ContractContext } from './contract-context.ts'

/** What a connector does: its states, restarts, offsets and topics. */
export function connectorStateContract(of: ContractContext): void {
  test('a connector that is created stopped has no tasks', async () => {
    const name = of.newName()

    await of.connect().create(name, of.cluster().sink, 'STOPPED')

    await eventually('its state', async () => ((await of.states(name)) === 'STOPPED' ? true : undefined))
  })

  test('pause, resume and stop have happened when they return', async () => {
    const name = await of.running()

    await of.connect().pause(name)
    expect(await of.states(name)).toBe('PAUSED PAUSED')

    await of.connect().resume(name)
    expect(await of.states(name)).not.toMatch(/PAUSED/)

    await of.connect().stop(name)
    expect(await of.states(name)).toBe('STOPPED')

    await of.connect().resume(name)
    expect(await of.states(name)).not.toMatch(/STOPPED/)
  })

  test('a failed task is paused as it is', async () => {
    const name = await of.running()
    await of.cluster().breakTask(name)

    await of.connect().pause(name)

    expect(await of.states(name)).toBe('PAUSED FAILED')
  })

  test('a failed task has a trace, and its restart is taken up', async () => {
    const name = await of.running()
    await of.cluster().breakTask(name)
    const failed = await of.connect().status(name)
    expect(failed?.state).toBe('RUNNING')
    expect(failed && failureOf(failed)).toMatch(/\w+/)

    await of.connect().restart(name, { includeTasks: true, onlyFailed: true })

    expect(await of.states(name)).toMatch(/^(RUNNING|RESTARTING) /)
  })

  test('a running connector and its task are restarted and run again', async () => {
    const name = await of.running()

    await of.connect().restart(name, { includeTasks: true, onlyFailed: false })
    await of.connect().restart(name, { includeTasks: false, onlyFailed: false })
    await of.connect().restartTask(name, 0)

    await eventually('it to run', async () =>
      (await of.states(name)) === 'RUNNING RUNNING' ? true : undefined,
    )
  })

  test('a task that is not there is named', async () => {
    const name = await of.running()

    await expect(of.connect().restartTask(name, 7)).rejects.toMatchObject({
      code: 'USAGE',
      message: `the connector '${name}' has no task 7`,
    })
  })

  test('offsets are altered, removed and reset while it is stopped, and only then', async () => {
    const name = await of.running()
    const partition = { kafka_topic: of.cluster().topic, kafka_partition: 0 }

    await expect(
      of.connect().alterOffsets(name, [{ partition, offset: { kafka_offset: 1 } }]),
    ).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: `could not alter the offsets of ${name}: Connectors must be in the STOPPED state before their offsets can be modified`,
      hint: `npx trib stop ${name}`,
    })
    await of.connect().stop(name)

    expect(await of.connect().alterOffsets(name, [{ partition, offset: { kafka_offset: 1 } }])).toMatch(
      /altered/,
    )
    expect(await of.connect().offsets(name)).toEqual([{ partition, offset: { kafka_offset: 1 } }])
    await of.connect().alterOffsets(name, [{ partition, offset: null }])
    expect(await of.connect().offsets(name)).toEqual([])
    await of.connect().alterOffsets(name, [{ partition, offset: { kafka_offset: 1 } }])
    expect(await of.connect().resetOffsets(name)).toMatch(/reset/)
    expect(await of.connect().offsets(name)).toEqual([])
  })

  test('the topics that a connector used are listed', async () => {
    const name = await of.running()

    const topics = await eventually('its topics', async () => {
      const seen = await of.connect().topics(name)
      return seen.length > 0 ? seen : undefined
    })

    expect(topics).toEqual([of.cluster().topic])
  })

  test('a connector that has not run used no topics', async () => {
    const name = of.newName()
    await of.connect().create(name, of.cluster().sink, 'STOPPED')

    expect(await of.connect().topics(name)).toEqual([])
  })
}
