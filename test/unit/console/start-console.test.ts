import { afterEach, expect, test } from 'vitest'
import { startConsole } from '../../../control/console/start-console.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { createLog } from '../../../control/output/log.ts'
import { createShell } from '../../../control/shell.ts'
import { type FakeConnect, startFakeConnect } from '../../support/fake-connect.ts'
import { eventually, root } from '../../support/trib.ts'

let connect: FakeConnect | undefined
let end: (() => Promise<void>) | undefined
afterEach(async () => {
  await end?.()
  await connect?.[Symbol.asyncDispose]()
})

interface Started {
  readonly url: string
  readonly connect: FakeConnect
}

const nowhere = '127.0.0.1:1'

/** The service itself, beside a Connect in which a task has failed, and nothing else that answers. */
async function start(restarts: string, isReadOnly = false): Promise<Started> {
  const one = await startFakeConnect()
  connect = one
  one.seed(1)
  // Of a kind that nobody knows, so that a restart is what is tried.
  one.edit('seeded-0000', connector => {
    connector.config = { 'connector.class': 'org.example.Unknown' }
  })
  one.setTaskState('seeded-0000', 0, 'FAILED', 'java.lang.Error: by the test')
  const ending = new AbortController()
  const ended = new TribError('INTERRUPTED', 'the test is over')
  const databases = ['COMMUNITY_DB', 'SITES_DB', 'WAREHOUSE'].flatMap(name => [
    [`${name}_HOST`, '127.0.0.1'],
    [`${name}_PORT`, '1'],
    [`${name}_CONSOLE_PASSWORD`, 'of-the-test'],
  ])
  const env = {
    ...Object.fromEntries(databases),
    ...{ CONSOLE_CONNECT_URLS: one.url, CONSOLE_BROKERS: `kafka-1=${nowhere}`, CONSOLE_RESTARTS: restarts },
  }
  const shell = createShell({ root, launcher: 'trib', env, signal: ending.signal })
  let said = ''
  const running = startConsole(shell, {
    ...{ port: 0, contextName: undefined, stackName: undefined, isInStack: true, isReadOnly },
    log: createLog({
      write: line => {
        said += line
      },
    }),
  }).catch(error => {
    if (error !== ended) throw error
  })
  end = async () => {
    ending.abort(ended)
    await running
  }
  const url = await eventually('the console to listen', async () => /http:\S+\d/.exec(said)?.[0])
  return { url, connect: one }
}

interface Job {
  readonly name: string
}
const jobsOf = async ({ url }: Started) => {
  const jobs = (await (await fetch(`${url}/api/jobs`)).json()) as readonly Job[]
  return jobs.map(({ name }) => name)
}

/** How often it looked, with a page open; a failed task is restarted after two seconds. */
async function lookFor({ url, connect: one }: Started, looks: number): Promise<string> {
  const ending = new AbortController()
  const answer = await fetch(`${url}/api/events`, { signal: ending.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let hello = ''
  while (!hello.includes('"token":')) hello += (await reader?.read())?.value ?? ''
  const list = 'GET /connectors'
  const before = one.count(list)
  await eventually(`${looks} looks`, async () => (one.count(list) >= before + looks ? true : undefined))
  ending.abort()
  return /"token":("[^"]*"|null)/.exec(hello)?.[1] ?? ''
}

const restart = ({ url }: Started, token: string) =>
  fetch(`${url}/api/connectors/seeded-0000/restart`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json', 'x-tributary-token': token },
    body: '{}',
  })
const restarted = 'POST /connectors/{name}/restart'

test('a console that may restart has the watcher, which restarts the task that failed', async () => {
  const started = await start('true')

  expect(await jobsOf(started)).toEqual(['restart-failed'])
  await Promise.all([
    lookFor(started, 3),
    eventually('a restart', async () => (started.connect.count(restarted) > 0 ? true : undefined)),
  ])
})

test('with CONSOLE_RESTARTS=false nothing is restarted but by a person on a page', async () => {
  const started = await start('false')

  const token = await lookFor(started, 5)

  expect(await jobsOf(started)).toEqual([])
  expect(started.connect.count(restarted)).toBe(0)
  expect((await restart(started, JSON.parse(token))).status).toBe(200)
  expect(started.connect.count(restarted)).toBe(1)
})

test('read-only switches off both, whatever CONSOLE_RESTARTS says', async () => {
  const started = await start('true', true)

  const token = await lookFor(started, 5)
  const refused = await restart(started, 'any')

  expect(token).toBe('null')
  expect(await jobsOf(started)).toEqual([])
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('--read-only')])
  expect(started.connect.count(restarted)).toBe(0)
})
