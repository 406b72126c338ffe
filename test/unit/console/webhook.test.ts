import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createRestartCounts } from '../../../control/console/heal/restart-counts.ts'
import { callWebhook } from '../../../control/console/tell/call-webhook.ts'
import { createObservationFeed } from '../../../control/console/watch/observation-feed.ts'
import { judge } from '../../../control/health/judge.ts'
import type { Snapshot } from '../../../control/health/snapshot.ts'
import { systemClock } from '../../../control/system/clock.ts'
import { withoutConnect, worldOf } from '../../support/console/worlds.ts'

/** A webhook on loopback, which answers with these statuses, the last one for ever. */
async function receive(...statuses: readonly number[]) {
  const messages: Record<string, unknown>[] = []
  let asked = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const status = statuses[Math.min(asked, statuses.length - 1)] ?? 200
    asked += 1
    if (status === 200) messages.push(JSON.parse(body))
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...{
      messages,
      asked: () => asked,
      url: `http://127.0.0.1:${port}/hooks/a-token`,
      host: `127.0.0.1:${port}`,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function begin(url: string, deadlineMs = 3_000) {
  const notes: string[] = []
  const feed = createObservationFeed()
  const ending = new AbortController()
  const job = callWebhook({
    ...{ url, deadlineMs, clock: systemClock, counts: createRestartCounts(), hurry: () => {} },
    ...{ nextObservation: feed.next, toPaste: text => text, mask: text => text.replaceAll('s3cret', '***') },
    activity: { note: ({ subject, text }) => notes.push(`${subject}: ${text}`) },
  })
  const done = job.run(ending.signal).catch(error => error)
  return {
    notes,
    look: (snapshot: Snapshot) =>
      feed.push({ snapshot, report: judge(snapshot), flows: [], brokers: [], tookMs: 1 }),
    async [Symbol.asyncDispose]() {
      ending.abort('over')
      expect(await done).toBe('over')
    },
  }
}

type Hook = Awaited<ReturnType<typeof receive>>

/** Looks on and on, and always sees the same. */
const untilTakenBy = (hook: Hook, job: ReturnType<typeof begin>) => (snapshot: Snapshot, count: number) =>
  expect
    .poll(
      () => {
        job.look(snapshot)
        return hook.messages.length
      },
      { timeout: 5_000 },
    )
    .toBe(count)

const failedTask = {
  tasks: [{ id: 0, state: 'FAILED', workerId: 'w:1', trace: 'Caused by: no s3cret here' }],
}
const well = () => worldOf(['shop'])
const failed = () => worldOf(['shop'], { connectors: { shop: failedTask } })

test('a webhook hears of each change once, there and back, without secrets; also when Connect is gone', async () => {
  await using hook = await receive(200)
  await using job = begin(hook.url)
  const toldAfter = untilTakenBy(hook, job)

  job.look(well())
  await toldAfter(failed(), 1)
  await toldAfter(well(), 2)
  await toldAfter(withoutConnect(), 3)

  expect(hook.messages[0]).toEqual({
    ...{ at: expect.stringMatching(/^\d{4}-.*Z$/), pipeline: 'shop', from: 'ok', to: 'failed' },
    cause: expect.stringContaining('no *** here'),
    command: 'npx trib restart shop',
  })
  expect(hook.messages.slice(1)).toMatchObject([
    { from: 'failed', to: 'ok', cause: null, command: null },
    { from: 'ok', to: 'failed', cause: expect.stringContaining('no Kafka Connect answers') },
  ])
  expect(job.notes).toEqual([])
})

test('a webhook that stumbles is asked again; one that refuses is named once, without its token', async () => {
  await using hook = await receive(503, 200, 403, 403, 200)
  await using job = begin(hook.url)
  const untilTold = untilTakenBy(hook, job)

  job.look(well())
  await untilTold(failed(), 1)
  expect(job.notes).toEqual([])
  await untilTold(well(), 2)

  expect(hook.asked()).toBe(5)
  expect(job.notes).toEqual([
    `webhook: ${hook.host} refuses the message (403)`,
    'webhook: takes messages again',
  ])
})
