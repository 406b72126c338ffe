import { describe, expect, test } from 'vitest'
import { type CliContext, unreachable } from './cli-context.ts'

/** `restart`, `pause`, `resume`, `stop`, `delete`. */
export function cliSteering(of: CliContext): void {
  describe('restart', () => {
    test('of what runs restarts nothing unless --tasks all says so', async () => {
      const name = await of.deployed('orders', { state: 'RUNNING' })

      expect(await of.trib(`restart ${name}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  nothing had failed; --tasks all restarts all the same
        exit 0
      `)
      expect(await of.trib(`restart connector ${name} --tasks all`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  restarted, with 1 task
        exit 0
      `)
      await of.settled(name, 'RUNNING RUNNING')
    })

    test('NAME/0 is one task', async () => {
      const name = await of.deployed('orders', { state: 'RUNNING' })

      expect(await of.trib(`restart ${name}/0`)).toMatchInlineSnapshot(`
        NAME               RESULT
        orders-________/0  restarted
        exit 0
      `)
      expect(await of.trib(`restart task ${name}/0 -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________/0",
            "result": "restarted",
            "error": null
          }
        ]
        exit 0
      `)
    })

    test('of what failed counts the failed tasks', async () => {
      const name = of.newName('orders')
      await of.connect().create(name, { ...of.sink(), ...unreachable })
      await of.settled(name, 'RUNNING FAILED')

      expect(await of.trib(`restart ${name}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  restarted, with 1 failed task
        exit 0
      `)
    })

    test('a task that is not there is refused with those that are', async () => {
      const stopped = await of.deployed('orders')
      const running = await of.deployed('users', { state: 'PAUSED' })

      expect(await of.refused(`restart ${running}/7`)).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no task 'users-________/7'
        !   → tasks: users-________/0
        exit 2
      `)
      expect(await of.refused(`restart ${stopped}/0`)).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no task 'orders-________/0'
        !   → orders-________ has no task; it is STOPPED
        exit 2
      `)
      expect(await of.refused('restart warehouse-snik/0')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, orders-________, sites-source, users-________, warehouse-sink
        exit 2
      `)
    })

    test('without a name is refused', async () => {
      expect(await of.refused('restart')).toMatchInlineSnapshot(`
        ! USAGE: no connector was named, and none is not all
        !   → npx trib get connectors
        exit 2
      `)
      expect(await of.refused('restart connectors')).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'connectors'
        !   → connectors: community-source, sites-source, warehouse-sink
        exit 2
      `)
    })
  })

  describe('pause, resume, stop', () => {
    test('have happened when they return', async () => {
      const name = await of.deployed('orders', { state: 'RUNNING' })

      expect(await of.trib(`pause ${name}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  paused
        exit 0
      `)
      expect(await of.trib(`get connectors ${name}`)).toMatchInlineSnapshot(`
        NAME             TYPE  STATE   TASKS
        orders-________  sink  PAUSED  1 PAUSED
        exit 0
      `)
      expect(await of.trib(`resume connector ${name} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "result": "running",
            "error": null
          }
        ]
        exit 0
      `)
      expect(await of.trib(`stop ${name}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  stopped
        exit 0
      `)
      expect(await of.trib(`get connectors ${name}`)).toMatchInlineSnapshot(`
        NAME             TYPE  STATE    TASKS
        orders-________  sink  STOPPED  none
        exit 0
      `)
    })

    test('take several names, and patterns', async () => {
      const orders = await of.deployed('orders', { state: 'PAUSED' })
      const users = await of.deployed('users', { state: 'PAUSED' })

      expect(await of.trib(`stop ${orders} ${users} ${orders}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  stopped
        users-________   stopped
        exit 0
      `)
      expect(await of.trib(`pause -e (orders|users)${orders.slice(-9)}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  paused
        users-________   paused
        exit 0
      `)
    })

    test.each(['pause', 'resume', 'stop'])('%s without a name is refused', async verb => {
      expect(await of.refused(verb)).toMatchInlineSnapshot(`
        ! USAGE: no connector was named, and none is not all
        !   → npx trib get connectors
        exit 2
      `)
    })

    test('with one unknown name do nothing to the others', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`resume ${name} warehouse-snik`)).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, orders-________, sites-source, warehouse-sink
        exit 2
      `)
    })
  })

  describe('delete', () => {
    test('without a name is refused and deletes nothing', async () => {
      expect(await of.refused('delete')).toMatchInlineSnapshot(`
        ! USAGE: no connector was named, and none is not all
        !   → npx trib get connectors
        exit 2
      `)
      expect(await of.refused('delete connectors')).toMatchInlineSnapshot(`
        ! USAGE: no connector was named, and none is not all
        !   → npx trib get connectors
        exit 2
      `)
      expect(await of.refused('delete -e --yes')).toMatchInlineSnapshot(`
        ! USAGE: no connector was named, and none is not all
        !   → npx trib get connectors
        exit 2
      `)
    })

    test('takes several names', async () => {
      const orders = await of.deployed('orders')
      const users = await of.deployed('users')

      expect(await of.trib(`delete ${orders} ${users}`)).toMatchInlineSnapshot(`
        NAME             RESULT
        orders-________  deleted
        users-________   deleted
        ! orders-________: its consumer group keeps its offsets; made again under this name it goes on from there
        ! users-________: its consumer group keeps its offsets; made again under this name it goes on from there
        exit 0
      `)
      expect(await of.connect().config(orders)).toBeUndefined()
      expect(await of.connect().config(users)).toBeUndefined()
    })

    test('with one unknown name deletes none of the others', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`delete ${name} warehouse-snik`)).toMatchInlineSnapshot(`
        ! CONNECTOR_UNKNOWN: there is no connector 'warehouse-snik'; did you mean 'warehouse-sink'?
        !   → connectors: community-source, orders-________, sites-source, warehouse-sink
        exit 2
      `)
    })

    test('of a pattern wants --yes', async () => {
      const name = await of.deployed('orders')
      const pattern = name.replace('orders', '[a-z]+')

      expect(await of.refused(`delete -e ${pattern}`)).toMatchInlineSnapshot(`
        ! CONFIRMATION_NEEDED: this deletes orders-________, and nobody said yes; nothing was changed
        !   → npx trib delete -e '[a-z]+-________' --yes
        exit 2
      `)
      expect(await of.trib(`delete connectors -e ${pattern} --yes -o json`)).toMatchInlineSnapshot(`
        [
          {
            "name": "orders-________",
            "result": "deleted",
            "error": null
          }
        ]
        ! orders-________: its consumer group keeps its offsets; made again under this name it goes on from there
        exit 0
      `)
    })
  })
}
