import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ContractContext } from './contract-context.ts'

/** Creating, changing and deleting connectors. */
export function connectorConfigContract(of: ContractContext): void {
  test('a running connector is listed with its config, without its name, and its state', async () => {
    const name = await of.running()

    const listed = (await of.connect().list()).find(one => one.name === name)

    expect(listed).toMatchObject({ name, type: 'sink', state: 'RUNNING', config: of.cluster().sink })
    expect(listed?.tasks).toMatchObject([{ id: 0, state: 'RUNNING', trace: undefined }])
    expect(listed?.tasks[0]?.workerId).toMatch(/:\d+$/)
    expect(await of.connect().config(name)).toEqual(of.cluster().sink)
  })

  test('a connector has a status as soon as its creation is answered', async () => {
    const name = await of.created()

    expect(await of.connect().status(name)).toMatchObject({ name, type: 'sink' })
  })

  test('a name that is taken is not overwritten', async () => {
    const name = await of.created()

    const again = of.connect().create(name, { ...of.cluster().sink, 'tasks.max': '2' })

    await expect(again).rejects.toMatchObject({
      code: 'CONNECTOR_EXISTS',
      message: `the connector '${name}' already exists`,
    })
    expect(await of.connect().config(name)).toEqual(of.cluster().sink)
  })

  test('a config that is put creates, and then replaces all of it', async () => {
    const name = of.newName()

    await of.connect().putConfig(name, { ...of.cluster().sink, 'batch.size': '7' })
    await of.connect().putConfig(name, of.cluster().sink)

    expect(await of.connect().config(name)).toEqual(of.cluster().sink)
  })

  test('a patch sets and removes keys and leaves the others', async () => {
    const name = await of.created({ ...of.cluster().sink, 'batch.size': '7' })

    await of.connect().patchConfig(name, { 'batch.size': null, 'flush.max.retries': '3' })

    expect(await of.connect().config(name)).toEqual({ ...of.cluster().sink, 'flush.max.retries': '3' })
  })

  test('a deleted connector is gone when it returns, and may be deleted again', async () => {
    const name = await of.running()

    await of.connect().delete(name)

    expect(await of.connect().status(name)).toBeUndefined()
    expect(await of.connect().config(name)).toBeUndefined()
    await of.connect().delete(name)
  })

  test('a connector of that name may be made at once after its deletion', async () => {
    const name = await of.running()

    await of.connect().delete(name)
    await of.connect().create(name, of.cluster().sink)

    expect(await of.connect().config(name)).toEqual(of.cluster().sink)
  })

  test('an unknown connector has neither config nor status, and every verb names it', async () => {
    const none = `contract-none-${randomBytes(4).toString('hex')}`
    const offset = { partition: { kafka_topic: of.cluster().topic, kafka_partition: 0 }, offset: null }

    expect(await of.connect().config(none)).toBeUndefined()
    expect(await of.connect().status(none)).toBeUndefined()
    for (const attempt of [
      () => of.connect().pause(none),
      () => of.connect().resume(none),
      () => of.connect().stop(none),
      () => of.connect().restart(none, { includeTasks: true, onlyFailed: true }),
      () => of.connect().restart(none, { includeTasks: false, onlyFailed: false }),
      () => of.connect().restartTask(none, 0),
      () => of.connect().patchConfig(none, { 'tasks.max': '1' }),
      () => of.connect().offsets(none),
      () => of.connect().alterOffsets(none, [offset]),
      () => of.connect().resetOffsets(none),
      () => of.connect().topics(none),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'CONNECTOR_UNKNOWN',
        message: `there is no connector '${none}'`,
        hint: 'npx trib get connectors',
      })
    }
  })

  test('a name with a space and letters outside ASCII is one like others', async () => {
    const name = of.newName(' é')

    await of.connect().create(name, of.cluster().sink, 'STOPPED')

    expect(await of.connect().config(name)).toEqual(of.cluster().sink)
  })
}
