import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

/** `get`, `patch` and `delete offsets`. */
export function cliOffsets(of: CliContext, { hasKafka }: { readonly hasKafka: boolean }): void {
  describe('get offsets', () => {
    test('shows how far a connector has read', async () => {
      const name = await of.reached('orders', 2)

      expect(await of.trib(`get offsets ${name}`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       OFFSET
        orders-________  topic_______/0       2
        exit 0
      `)
      expect(await of.trib(`get offsets ${name} -o json`)).toMatchInlineSnapshot(`
        [
          {
            "connector": "orders-________",
            "partition": {
              "kafka_partition": 0,
              "kafka_topic": "topic_______"
            },
            "offset": {
              "kafka_offset": 2
            }
          }
        ]
        exit 0
      `)
    })
  })

  describe('patch offsets', () => {
    test('--to-earliest wants --yes, saves the old ones and says how to go back', async () => {
      const name = await of.reached('orders', 2)

      expect(await of.refused(`patch offsets ${name} --to-earliest`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        ! CONFIRMATION_NEEDED: orders-________ would read records again that it has read before (re-snapshots), and nobody said yes; nothing was changed
        !   → npx trib patch offsets orders-________ --to-earliest --yes
        exit 2
      `)
      expect(await of.trib(`get offsets ${name}`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       OFFSET
        orders-________  topic_______/0       2
        exit 0
      `)
      expect(await of.trib(`patch offsets ${name} --to-earliest --yes`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      expect(await of.trib(`get offsets ${name}`)).toMatchInlineSnapshot(`
        CONNECTOR  PARTITION  OFFSET
        exit 0
      `)
    })

    test('what was saved brings the old ones back, also when asked on the terminal', async () => {
      const name = await of.reached('orders', 2)
      const { stderr } = await of.terminal().run(['patch', 'offsets', name, '--to-earliest', '--yes'])
      const [, saved] = /-f (\S+)/.exec(stderr) ?? []

      expect(await of.trib(`patch offsets ${name} -f ${saved}`, { answer: 'yes' })).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0  none   2
        ! orders-________ would skip 2 records (loses-position). Go on? (yes/no) yes
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      expect(await of.trib(`get offsets ${name} -o name`)).toMatchInlineSnapshot(`
        orders-________
        exit 0
      `)
      expect(await of.connect().offsets(name)).toMatchObject([{ offset: { kafka_offset: 2 } }])
    })

    test('--dry-run changes nothing and ends with 3', async () => {
      const name = await of.reached('orders', 2)

      expect(await of.trib(`patch offsets ${name} --to-earliest --dry-run`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        exit 3
      `)
      expect(await of.connect().offsets(name)).toMatchObject([{ offset: { kafka_offset: 2 } }])
    })

    test('a paused connector is paused again afterwards', async () => {
      const name = await of.reached('orders', 2)
      await of.connect().pause(name)

      expect(
        await of.trib(`patch offsets ${name} --to-earliest --topic ${of.cluster().topic} --yes`),
      ).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      await of.settled(name, 'PAUSED')
    })

    test('a running connector runs again afterwards', async () => {
      const name = await of.reached('orders', 3)
      await of.connect().resume(name)
      await of.settled(name, 'RUNNING RUNNING')

      expect(await of.trib(`patch offsets ${name} --to-earliest --yes`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     3  none
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      await of.settled(name, 'RUNNING RUNNING')
    })

    test('of what get offsets printed set what it says', async () => {
      const name = await of.reached('orders', 2)
      const { stdout } = await of.terminal().run(['get', 'offsets', name, '-o', 'json'])

      const stdin = stdout.replace('"kafka_offset": 2', '"kafka_offset": 1')
      expect(await of.trib(`patch offsets ${name} -f - --yes`, { stdin })).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2   1
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      expect(await of.trib(`patch offsets ${name} -f - --yes`, { stdin })).toMatchInlineSnapshot(`
        CONNECTOR  PARTITION  FROM  TO
        ! orders-________ is there already; nothing was changed
        exit 0
      `)
    })

    if (hasKafka)
      test('--to-latest and --shift-by move within what the topic holds', async () => {
        const name = await of.reached('orders', 2)

        expect(await of.trib(`patch offsets ${name} --shift-by=-1 --yes`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2   1
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
        expect(await of.trib(`patch offsets ${name} --shift-by 100 --dry-run`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     1   3
        exit 3
      `)
        expect(await of.trib(`patch offsets ${name} --shift-by=-100 --dry-run`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     1   0
        exit 3
      `)
        expect(await of.refused(`patch offsets ${name} --to-latest`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     1   3
        ! CONFIRMATION_NEEDED: orders-________ would skip 2 records (loses-position), and nobody said yes; nothing was changed
        !   → npx trib patch offsets orders-________ --to-latest --yes
        exit 2
      `)
        expect(await of.trib(`patch offsets ${name} --to-latest --yes`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     1   3
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
        expect(await of.trib(`patch offsets ${name} --to-latest --yes`)).toMatchInlineSnapshot(`
        CONNECTOR  PARTITION  FROM  TO
        ! orders-________ is there already; nothing was changed
        exit 0
      `)
      })

    if (!hasKafka)
      test('--to-latest names the brokers that the context lacks', async () => {
        const name = await of.reached('orders', 2)

        expect(await of.refused(`patch offsets ${name} --to-latest --yes`)).toMatchInlineSnapshot(`
        ! CONTEXT_INCOMPLETE: the context 'test' does not say where its Kafka is
        !   → npx trib config set-context test --kafka kafka-1.example.org:9092
        exit 2
      `)
      })
  })

  describe('delete offsets', () => {
    test('forgets them, and keeps what they were', async () => {
      const name = await of.reached('orders', 2)

      expect(await of.refused(`delete offsets ${name}`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        ! CONFIRMATION_NEEDED: orders-________ would read records again that it has read before (re-snapshots), and nobody said yes; nothing was changed
        !   → npx trib delete offsets orders-________ --yes
        exit 2
      `)
      expect(await of.trib(`delete offsets ${name} --dry-run -o json`)).toMatchInlineSnapshot(`
        [
          {
            "connector": "orders-________",
            "partition": {
              "kafka_partition": 0,
              "kafka_topic": "topic_______"
            },
            "from": {
              "kafka_offset": 2
            },
            "to": null
          }
        ]
        exit 3
      `)
      expect(await of.trib(`delete offsets ${name} --yes`)).toMatchInlineSnapshot(`
        CONNECTOR        PARTITION       FROM  TO
        orders-________  topic_______/0     2  none
        ! the old offsets are saved; back: npx trib patch offsets orders-________ -f /home/state/tributary/contexts/test/offsets/orders-________-20260101T000000000Z.json --yes
        exit 0
      `)
      expect(await of.trib(`delete offsets ${name} --yes`)).toMatchInlineSnapshot(`
        CONNECTOR  PARTITION  FROM  TO
        ! orders-________ is there already; nothing was changed
        exit 0
      `)
      expect(await of.connect().offsets(name)).toEqual([])
    })
  })
}
