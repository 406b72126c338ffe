import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { holdsSocket, socketsAt } from '../../control/system/ports.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { untilWell } from './ask-health.ts'
import { type Ground, openGround } from './faults/ground.ts'
import { isAlive, recordOf } from './processes.ts'
import { untilTablesEqual } from './tables.ts'

let stack: TestStack

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native', '--profile', 'two-workers'])
  if (code !== 0) throw new Error(stderr)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

test('a worker that was suspended with a batch in its hands, and goes on when its successor ends, writes nothing over what is newer', async () => {
  const ground = await openGround(stack)
  const worker = await ground.workerOf('warehouse-sink')
  const { service, table } = await readElsewhere(ground, worker)
  const write = (name: string) => ground.sql(service, `update ${table} set username = '${name}' where id = 1`)
  await using warehouse = await ground.open('warehouse')
  const isSo = async (text: string) => (await warehouse.query(text)).rows.length > 0
  const until = (what: string, look: () => Promise<boolean>) =>
    eventually(what, async () => ((await look()) ? true : undefined), {
      deadlineMs: 60_000,
      intervalMs: 100,
    })
  const landed = (name: string) => `select 1 from ${table} where id = 1 and username = '${name}'`
  const server = recordOf(stack.folder, 'warehouse').pid
  const late = recordOf(stack.folder, worker).pid
  for (const pid of [server, late])
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGCONT')
    })
  const [port] = (await stack.json<{ service: string; port: number }[]>(['status'])).flatMap(one =>
    one.service === 'warehouse' ? one.port : [],
  )

  // It has read a row and asks for a session to write it: the one it had is over, and no new one is let in.
  process.kill(server, 'SIGSTOP')
  await warehouse.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sink'")
  await write('older')
  await until('the sink to ask for a session', async () => isConnectedTo(late, port))
  process.kill(late, 'SIGSTOP')
  process.kill(server, 'SIGCONT')
  await write('newer')
  await until('its successor to write', () => isSo(landed('newer')))
  const restarted = stack.trib(['restart', 'warehouse-sink', '--tasks', 'all'])
  process.kill(late, 'SIGCONT')
  await until('it to be turned away', async () =>
    readFileSync(join(stack.folder, 'services', 'warehouse', 'service.log'), 'utf8').includes(
      'a later task of warehouse-sink has written the landing tables since',
    ),
  )

  expect(await restarted).toMatchObject({ code: 0 })
  await ground.rowsLand(60_000)
  expect(await isSo(landed('newer'))).toBe(true)
  await untilTablesEqual(stack)
  await untilWell(stack)
})

/** A source whose reader is not suspended with the sink: its changes go on coming. */
async function readElsewhere(ground: Ground, worker: string) {
  const sources = [
    { connector: 'community-source', service: 'community-db', table: '"CommunityUsers"' },
    { connector: 'sites-source', service: 'sites-db', table: '"SitesUsers"' },
  ]
  for (const source of sources) if ((await ground.workerOf(source.connector)) !== worker) return source
  throw new Error(`every task runs on ${worker}`)
}

/** Whether a process has a connection to that port which neither side has closed. */
const isConnectedTo = (pid: number, port = 0) =>
  socketsAt(port, { side: 'other', state: 'connected' }).some(inode => holdsSocket(String(pid), inode))
