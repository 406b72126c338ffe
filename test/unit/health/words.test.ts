import { escapeLiteral } from 'pg'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../control/connect/failure-of.ts'
import { forCluster, sqlCommand, sqlText } from '../../../control/health/commands-to-paste.ts'
import { explain } from '../../../control/health/explain.ts'
import { judge } from '../../../control/health/judge.ts'
import { nagiosLine } from '../../../control/health/nagios.ts'
import { ratesBetween } from '../../../control/health/rates.ts'
import { bytes, duration } from '../../../control/health/words.ts'
import { hostileTexts } from '../../support/hostile-texts.ts'
import { atMs, database, failed, read, sink, snapshotOf, source, unread, warehouse } from './snapshots.ts'

const cluster = { context: 'x', kind: 'local', statusHint: '' } as const

describe('a command to paste', () => {
  it('runs SQL where the database is, quoted for the shell', () => {
    const place = { name: 'warehouse', host: 'h', port: 1, user: 'u', database: 'd' }
    const sql = 'grant select on "T" to u'

    expect(sqlCommand({ ...place, isService: true }, sql)).toBe(`npx trib sql warehouse '${sql}'`)
    expect(sqlCommand({ ...place, isService: false }, sql)).toBe(`psql postgres://u@h:1/d -c '${sql}'`)
    for (const text of ['orders', `it's a \\`, ...hostileTexts])
      expect(sqlText(text)).toBe(escapeLiteral(text).trimStart())
  })

  it('goes to the cluster that was asked, each part of it', () => {
    const chain = "npx trib sql db 'select 1' && npx trib restart a"
    expect(forCluster(chain, { ...cluster, stackOption: 'dev', contextOption: undefined })).toBe(
      "npx trib sql --stack dev db 'select 1' && npx trib restart --stack dev a",
    )
    expect(
      forCluster('npx trib config set-context x', { ...cluster, stackOption: undefined, contextOption: 'x' }),
    ).toBe('npx trib config set-context x')
  })
})

describe('numbers read as people say them', () => {
  it.each([
    [0, '0 B'],
    [1536, '1.5 kB'],
    [104_857_600, '100 MB'],
    [3 * 1024 ** 4, '3.0 TB'],
  ])('%i bytes: %s', (n, text) => expect(bytes(n)).toBe(text))
  it.each([
    [1.24, '1.2 s'],
    [47, '47 s'],
    [600, '10 min'],
    [10_800, '3 h'],
    [604_800, '7 d'],
  ])('%f seconds: %s', (n, text) => expect(duration(n)).toBe(text))
})

describe('the line for Nagios', () => {
  it('has a word, the cause, and what can be drawn', () => {
    expect(nagiosLine(judge(snapshotOf()))).toBe(
      "OK - 1 of 1 pipelines are well | 'shop freshness'=1.5s;;40;0 'shop lag'=0;;;0 'shop slot'=1%;70;90;0;100\n",
    )
    expect(
      nagiosLine(judge(snapshotOf({ connectors: unread('unreachable', 'no answer | at x\nat all') }))),
    ).toBe('CRITICAL - no answer / at x at all\n')
    expect(nagiosLine(judge(snapshotOf({ sink: { ...sink, state: 'PAUSED' } })))).toMatch(
      /^WARNING - lake is paused/,
    )
    expect(nagiosLine(judge(snapshotOf({ database: unread('missing', 'where?') })))).toMatch(
      /^UNKNOWN - where\?/,
    )
  })
})

describe('explain', () => {
  const broken = failed(
    sink,
    'a\nCaused by: org.postgresql.util.PSQLException: ERROR: permission denied for table Orders',
  )
  const about = (name: string, connectors = [source, broken]) =>
    explain(name, {
      connectors,
      pipelines: judge(snapshotOf({ connectors: read(connectors) })).pipelines,
      failureOf,
    })

  it('says of a connector what happens, why, and what to do, and knows the innermost cause', () => {
    expect(about('lake')).toMatchObject({
      ...{ kind: 'connector', state: 'failed', rule: 'permission-denied' },
      what: 'the sink lake is RUNNING, task 0 is FAILED; it belongs to 1 pipeline',
      innermost: 'org.postgresql.util.PSQLException: ERROR: permission denied for table Orders',
    })
    expect(about('lake').command).toMatch(/npx trib restart lake$/)
  })

  it('says of a pipeline how late it is, and of one that is well that nothing is wrong', () => {
    expect(about('shop', [source, sink])).toMatchObject({
      ...{ kind: 'pipeline', state: 'ok', why: null, command: null, innermost: null },
      what: 'the pipeline from shop to lake with 2 tables is ok; the warehouse is 1.5 s behind',
    })
  })

  it('refuses a name that is neither, with the nearest one', () => {
    expect(() => about('lakes')).toThrow(
      "there is neither a pipeline nor a connector 'lakes'; did you mean 'lake'?",
    )
  })
})

describe('rates', () => {
  it('are what changed between two looks, a second each; a counter that was reset tells nothing', () => {
    const later = {
      atMs: atMs + 2_000,
      database: read({
        ...database,
        tables: database.tables.map(one => ({ ...one, changes: one.table === 'Orders' ? 30 : 2 })),
      }),
      warehouse: read({ ...warehouse, tables: warehouse.tables.map(one => ({ ...one, changes: 12 })) }),
    }
    const rates = ratesBetween(snapshotOf(), snapshotOf(later))

    expect(
      rates.map(({ table, inPerSecond, recordsPerSecond, outPerSecond }) => [
        table,
        inPerSecond,
        recordsPerSecond,
        outPerSecond,
      ]),
    ).toEqual([
      ['sales.Orders', 10, 0, 1.5],
      ['ops.heartbeat', null, 0, 3.5],
    ])
  })
})
