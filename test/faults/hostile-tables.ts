import { escapeIdentifier } from 'pg'
import { expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { actsOnTerminal, hostileTexts } from '../support/hostile-texts.ts'
import type { TestStack } from '../support/trib.ts'

interface World {
  readonly stack: TestStack
  readonly there: Database
  readonly warehouse: Database
}

/** A reference to a password that the workers do have is among them. */
const names = [
  ...["it's really", '<script>alert(1)</script>', '$(touch owned)', 'touch `owned`', 'a; touch owned', '-rf'],
  ...[
    '${env:COMMUNITY_DB_DEBEZIUM_PASSWORD}',
    '${file:/etc/passwd:root}',
    '%s%n',
    '__proto__',
    'constructor',
  ],
  ...['../../x', 'red \u001b[31m', 'line\nbreak', 'tab\tstop', '\u202egnp.exe', 'back\\slash', '*', '🦆'],
]
/** A blank, and what means something in a pattern: Debezium's signals have no way to write both. */
const cannotBeNamed = ['$(touch owned)', 'red \u001b[31m']

const rowsOf = async (database: Database, table: string) =>
  (await database.query(`select to_jsonb(t) as row from ${table} t order by id collate "C"`)).rows

/** Whatever the tables of a user hold, and are called. */
export function hostileTables(of: () => World): void {
  test('keys, values and columns arrive as they are whatever stands in them, are told, and are mended by their keys', async () => {
    const { stack, there, warehouse } = of()
    const columns = names.map(name => `${escapeIdentifier(name)} text`)
    await there.query(`create table odd (id text primary key, ${columns.join(', ')})`)
    const insert = `insert into odd values ($1${', $1'.repeat(names.length)})`
    for (const text of hostileTexts) await there.query(insert, [text])

    const added = await stack.trib(['add', 'table', 'community-db', 'public.odd', '--yes'])
    expect(added.code, added.stderr).toBe(0)
    expect(await rowsOf(warehouse, 'odd')).toEqual(await rowsOf(there, 'odd'))
    await warehouse.query(`delete from odd where id ~ '[[:cntrl:]]'`)
    const told = await stack.trib(['verify', '--table', 'odd'])
    await warehouse.query('delete from odd')
    const mended = await stack.trib(['verify', '--table', 'odd', '--repair', '--yes'])

    expect([told.code, mended.code], mended.stderr).toEqual([4, 0])
    expect(await rowsOf(warehouse, 'odd')).toEqual(await rowsOf(there, 'odd'))
    expect(told.stdout).toContain('\\u001b')
    for (const { stdout, stderr } of [added, told, mended])
      expect(stdout + stderr).not.toMatch(actsOnTerminal)
  })

  test('columns whose quotes the sink would take off are refused, and nothing is changed', async () => {
    const { stack, there } = of()
    for (const [index, name] of ['quo"te', '`touch owned`', '[brackets]', ' blank', 'blank '].entries()) {
      await there.query(`create table misread_${index} (id int primary key, ${escapeIdentifier(name)} text)`)

      const { code, stderr } = await stack.trib([
        'add',
        'table',
        'community-db',
        `public.misread_${index}`,
        '--yes',
      ])

      expect([name, code], stderr).toEqual([name, 2])
      expect(stderr).toMatch(/has a double quote in its name|stands in quotes, brackets or spaces/)
    }
  })

  test('tables flow whatever they are called, and no reference in a name is resolved', async () => {
    const { stack, there } = of()
    await there.query('create schema odd')
    for (const name of names) {
      const table = `odd.${escapeIdentifier(name)}`
      await there.query(`create table ${table} (id text primary key); insert into ${table} values ('x')`)
    }

    // One of them is called *: the pattern for all is another.
    const added = await stack.trib(['add', 'table', 'community-db', 'odd.?*', '--yes', '-o', 'json'])

    expect(added.code, added.stderr).toBe(0)
    const { tables, leftOut, verify } = JSON.parse(added.stdout)
    const reason = 'is no pattern that fits'
    expect(leftOut).toEqual(
      cannotBeNamed.map(name => ({ table: `odd.${name}`, reason: expect.stringContaining(reason) })),
    )
    expect(tables.map(({ table }: { table: string }) => table).sort()).toEqual(
      names
        .filter(name => !cannotBeNamed.includes(name))
        .map(name => `odd.${name}`)
        .sort(),
    )
    expect(verify).toMatchObject({ equal: true })
    for (const command of [
      'get connectors -o wide',
      'describe community-source',
      'health',
      'doctor',
      'get topics',
    ]) {
      const { code, stdout, stderr } = await stack.trib(command.split(' '))
      expect([command, code], stderr).toEqual([command, 0])
      expect(stdout + stderr).not.toMatch(actsOnTerminal)
    }
  })
}
