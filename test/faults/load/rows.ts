import type { Database } from '../../../control/database/connect.ts'
import { seeded } from '../../support/seeded.ts'

interface RowsOptions {
  readonly name: string
  readonly seed: number
  readonly table: string
  readonly email: string
}

/** The rows that one session writes: nobody else changes them, so it knows how each must be. */
export interface Rows {
  /** One transaction; throws when its end is not known. */
  write(database: Database): Promise<'committed' | 'rolledBack'>
  /** After an answer was lost the source itself says how it ended. */
  settle(database: Database): Promise<void>
  /** Which of them the source does not hold as it said it would. */
  broken(held: ReadonlyMap<string, string>): readonly string[]
}

/** One transaction in so many has several rows, and one in so many is rolled back. */
const severalIn = 10
const severalRows = 6
const rolledBackIn = 20
/** Rows change while they are young and then rest: an older value that comes late is not hidden by a newer one. */
const youngCount = 60

/** Usernames by id; undefined: deleted. */
type Changes = Map<string, string | undefined>

export function createRows({ name, seed, table, email }: RowsOptions): Rows {
  const random = seeded(seed)
  const isOneIn = (count: number) => random() < 1 / count
  const known: Changes = new Map()
  const unknown = new Set<string>()
  let young: string[] = []
  let sequence = 0

  const insert = async (database: Database, changes: Changes, username: string) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into ${table} (${email}, username, registration_timestamp) values ($1, $2, clock_timestamp()) returning id::text`,
      [`${username}@example.org`, username],
    )
    for (const { id } of rows) changes.set(id, username)
  }
  /** 60 % inserts, 30 % updates, 10 % deletes. */
  const change = async (database: Database, changes: Changes) => {
    sequence += 1
    const username = `${name}-${sequence}`
    const roll = random()
    const id = young[Math.floor(random() * young.length)]
    if (roll < 0.6 || id === undefined || changes.has(id)) return insert(database, changes, username)
    const isUpdate = roll < 0.9
    changes.set(id, isUpdate ? username : undefined)
    if (isUpdate) await database.query(`update ${table} set username = $1 where id = $2`, [username, id])
    else await database.query(`delete from ${table} where id = $1`, [id])
  }
  const remember = (changes: Changes) => {
    for (const [id, username] of changes) known.set(id, username)
    const living = [...young.filter(id => !changes.has(id)), ...changes.keys()]
    young = living.filter(id => known.get(id) !== undefined).slice(-youngCount)
  }

  return {
    async write(database) {
      const isRolledBack = isOneIn(rolledBackIn)
      const size = isOneIn(severalIn) ? severalRows : 1
      const changes: Changes = new Map()
      try {
        if (isRolledBack || size > 1) await database.query('begin')
        for (let n = 0; n < size; n += 1) await change(database, changes)
        if (isRolledBack) await database.query('rollback')
        else if (size > 1) await database.query('commit')
      } catch (error) {
        for (const id of changes.keys()) unknown.add(id)
        throw error
      }
      if (isRolledBack) return 'rolledBack'
      remember(changes)
      return 'committed'
    },
    async settle(database) {
      if (unknown.size === 0) return
      const { rows } = await database.query<{ id: string; username: string }>(
        `select id::text, username from ${table} where id = any($1)`,
        [[...unknown]],
      )
      const held = new Map(rows.map(({ id, username }) => [id, username]))
      remember(new Map([...unknown].map(id => [id, held.get(id)])))
      unknown.clear()
    },
    broken: held =>
      [...known].flatMap(([id, username]) =>
        unknown.has(id) || held.get(id) === username
          ? []
          : [`${table} ${id} is ${held.get(id)}, but ${username} was committed`],
      ),
  }
}
