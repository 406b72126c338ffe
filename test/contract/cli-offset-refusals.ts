import { describe, expect, test } from 'vitest'
import type { CliContext } from './cli-context.ts'

export function cliOffsetRefusals(of: CliContext): void {
  describe('a move of offsets is refused', () => {
    test('without a move, and with two', async () => {
      expect(await of.refused('patch offsets warehouse-sink')).toMatchInlineSnapshot(`
        ! USAGE: one of --to-earliest, --to-latest, --shift-by and -f is needed; given: 0
        !   → npx trib patch offsets --help
        exit 2
      `)
      expect(
        await of.refused('patch offsets warehouse-sink --to-earliest --shift-by=-1'),
      ).toMatchInlineSnapshot(`
        ! USAGE: one of --to-earliest, --to-latest, --shift-by and -f is needed; given: 2
        !   → npx trib patch offsets --help
        exit 2
      `)
      expect(await of.refused('patch offsets warehouse-sink --shift-by many')).toMatchInlineSnapshot(`
        ! error: option '--shift-by <records>' argument 'many' is invalid. a whole number of records, such as 100 or -100
        ! (trib --help shows every command)
        exit 2
      `)
    })

    test('of a topic that was never read, with those that were', async () => {
      const name = await of.reached('orders', 2)

      expect(
        await of.refused(`patch offsets ${name} --to-earliest --topic other --yes`),
      ).toMatchInlineSnapshot(`
        ! USAGE: orders-________ has no offset for the topic 'other'
        !   → topics: topic_______
        exit 2
      `)
    })

    test('with the offsets of another connector', async () => {
      const name = await of.reached('orders', 2)
      const stdin = JSON.stringify({ name: 'other', offsets: [] })

      expect(await of.refused(`patch offsets ${name} -f - --yes`, { stdin })).toMatchInlineSnapshot(`
        ! INPUT_INVALID: - does not hold the offsets of orders-________: it holds the offsets of other
        !   → npx trib get offsets orders-________ -o json shows the shape
        exit 2
      `)
      expect(await of.refused(`patch offsets ${name} -f - --yes`, { stdin: '[{}]' })).toMatchInlineSnapshot(`
        ! INPUT_INVALID: - does not hold the offsets of orders-________: the document: Invalid input
        !   → npx trib get offsets orders-________ -o json shows the shape
        exit 2
      `)
    })

    test('where a sink has read nothing', async () => {
      const name = await of.deployed('orders')

      expect(await of.refused(`patch offsets ${name} --to-latest --yes`)).toMatchInlineSnapshot(`
        ! USAGE: orders-________ has no offsets yet: there is nothing to move
        !   → npx trib get offsets orders-________
        exit 2
      `)
    })

    test('by a number, of a source', async () => {
      expect(await of.refused('patch offsets sites-source --to-latest --yes')).toMatchInlineSnapshot(`
        ! USAGE: sites-source is a source: only its plugin knows what its offsets mean, so that they can be begun anew or set, not moved
        !   → npx trib get offsets sites-source -o json > offsets.json; then npx trib patch offsets sites-source -f offsets.json
        exit 2
      `)
    })

    test('delete offsets without a name', async () => {
      expect(await of.refused('delete offsets')).toMatchInlineSnapshot(`
        ! error: missing required argument 'name'
        ! (trib --help shows every command)
        exit 2
      `)
    })
  })
}
