import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import {
  type FakeConsole,
  type FakeOptions,
  type FakeWorld,
  startFakeConsole,
  testToken,
} from '../../support/console/fake-console.ts'
import { answersOf, worldOf } from '../../support/console/worlds.ts'

let served: FakeConsole | undefined
afterEach(async () => {
  await served?.[Symbol.asyncDispose]()
  served = undefined
})

async function start(more: Partial<FakeWorld> = {}, options: FakeOptions = {}): Promise<FakeConsole> {
  served = await startFakeConsole(
    { snapshot: () => worldOf(['shop']), answers: answersOf(4), ...more },
    options,
  )
  const one = served
  // The first look is over.
  await expect.poll(async () => (await ask(one, '/api/health')).status).toBe(200)
  return one
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Not fetch(), which writes Host and Origin by itself. */
function ask({ port }: FakeConsole, path: string, { method = 'GET', headers = {}, body = '' }: Asked = {}) {
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers }, answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
      })
      sent.on('error', reject).end(body)
    },
  )
}

const change = (one: FakeConsole, path: string, more: Asked = {}) =>
  ask(one, path, {
    method: 'POST',
    headers: { origin: one.url, 'x-tributary-token': testToken },
    ...more,
  })

describe('the console answers', () => {
  it('/healthz, /metrics and the reports, in the shapes of the command line', async () => {
    const one = await start()

    expect(JSON.parse((await ask(one, '/healthz')).text)).toMatchObject({ state: 'looking' })
    const metrics = await ask(one, '/metrics')
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4')
    expect(metrics.text).toContain('tributary_pipeline_state{pipeline="shop"} 0\n')
    expect(JSON.parse((await ask(one, '/api/health')).text)).toMatchObject({
      state: 'ok',
      pipelines: [{ name: 'shop', state: 'ok', cause: null, command: null }],
    })
    expect(JSON.parse((await ask(one, '/api/pipelines/shop')).text)).toMatchObject({ name: 'shop' })
    expect(JSON.parse((await ask(one, '/api/connectors')).text)).toMatchObject([
      { name: 'shop', type: 'source', state: 'RUNNING', tasks: [{ id: 0, state: 'RUNNING' }] },
      { name: 'lake', type: 'sink' },
    ])
    expect(JSON.parse((await ask(one, '/api/top')).text)).toMatchObject([
      { pipeline: 'shop', table: 'sales.Orders', state: 'ok' },
      { pipeline: 'shop', table: 'ops.heartbeat' },
    ])
  })

  it('slots, backfills and records that were put aside, as seen last, with commands for this stack', async () => {
    const slot = {
      ...{ slot: 'left', service: 'shop-db', database: 'shop', owner: 'ORPHAN', active: false, reader: null },
      ...{ retainedBytes: 1, walStatus: 'reserved', safeBytes: null, secondsUntilFull: null },
    }
    const backfill = {
      ...{ source: 'shop', table: 'sales.Orders', where: null, rows: 10, percent: 5 },
      ...{ state: 'running' as const, secondsLeft: null },
    }
    const letters = {
      ...{ connector: 'lake', topic: 't', stage: 'TASK_PUT', cause: 'too long', records: 1, open: 1 },
      letters: [],
    }
    const one = await start({ inventory: { slots: [slot], backfills: [backfill], letters: [letters] } })
    await expect.poll(async () => (await ask(one, '/api/slots')).status).toBe(200)

    expect(JSON.parse((await ask(one, '/api/slots')).text)).toEqual([
      { ...slot, command: `npx trib sql shop-db "select pg_drop_replication_slot('left')"` },
    ])
    expect(JSON.parse((await ask(one, '/api/backfills')).text)).toEqual([backfill])
    expect(JSON.parse((await ask(one, '/api/dlq')).text)).toEqual([
      { ...letters, command: 'npx trib dlq replay lake' },
    ])
    expect(JSON.parse((await ask(one, '/api/tables')).text)).toMatchObject([
      { pipeline: 'shop', table: 'sales.Orders', target: 'landing.Orders' },
    ])
  })

  it('a question as JSON, and as CSV cut to weeks', async () => {
    const one = await start()
    const rows = JSON.parse((await ask(one, '/api/questions/weekly-registrations')).text)
    const csv = await ask(
      one,
      `/api/questions/weekly-registrations.csv?from=${rows[1].week}&to=${rows[2].week}`,
    )

    expect(Object.keys(rows[0])).toEqual(['week', 'sites_registered', 'sites_total'])
    expect(csv.headers['content-disposition']).toBe('attachment; filename="weekly-registrations.csv"')
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'week,sites_registered,sites_total',
      `${rows[1].week},${rows[1].sites_registered},${rows[1].sites_total}`,
    ])
    expect(csv.text.split('\r\n')).toHaveLength(4)
  })

  it('404 for what is not there, and a sentence for an address that is none', async () => {
    const one = await start()

    expect((await ask(one, '/api/nothing')).status).toBe(404)
    for (const name of ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'])
      expect([name, (await ask(one, `/api/${name}`)).status]).toEqual([name, 404])
    expect((await ask(one, '/api/pipelines/none')).status).toBe(404)
    expect((await ask(one, '/api/questions/none.csv')).status).toBe(404)
    expect((await ask(one, '/assets/..%2f..%2fpackage.json')).status).toBe(404)
    expect((await change(one, '/api/connectors/shop/delete')).status).toBe(404)
    expect(JSON.parse((await ask(one, '/api/pipelines/%E0')).text)).toMatchObject({ code: 'USAGE' })
  })

  it('with a policy that lets in no script, style or frame of others', async () => {
    const { headers } = await ask(await start(), '/')

    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('without a password, whatever a part says', async () => {
    const trace = 'Caused by: refused for hunter2-hunter2'
    const tasks = [{ id: 0, state: 'FAILED', workerId: 'w:1', trace }]
    const one = await start(
      { snapshot: () => worldOf(['shop'], { connectors: { shop: { tasks } } }) },
      { secrets: ['hunter2-hunter2'] },
    )

    const { text } = await ask(one, '/api/health')
    expect(text).toContain('refused for ***')
    expect(text).not.toContain('hunter2')
    expect((await firstEvents(one)).text).not.toContain('hunter2')
  })
})

describe('a change', () => {
  it('is done for a page of the console, and told', async () => {
    const one = await start()

    expect((await change(one, '/api/connectors/shop/restart', { body: '{"tasks":"all"}' })).status).toBe(200)
    expect((await change(one, '/api/connectors/lake/pause')).status).toBe(200)

    expect(one.world.steered).toEqual(['restart shop all', 'pause lake'])
    const entries: { subject: string; text: string }[] = JSON.parse((await ask(one, '/api/activity')).text)
    expect(entries.map(({ subject, text }) => `${subject} ${text}`)).toEqual([
      'shop was restarted from a page',
      'lake was paused from a page',
    ])
  })

  it('is refused without token or origin, by a foreign page, and by a name that is resolved to this machine', async () => {
    const one = await start()
    const token = { 'x-tributary-token': testToken }
    const refused: readonly Asked['headers'][] = [
      { origin: one.url },
      { ...token },
      { ...token, origin: 'http://evil.example' },
      { ...token, origin: `http://evil.example:${one.port}`, host: `evil.example:${one.port}` },
    ]

    for (const headers of refused) {
      const asked = headers ? { method: 'POST', headers } : { method: 'POST' }
      expect((await ask(one, '/api/connectors/shop/pause', asked)).status).toBe(403)
    }
    expect((await ask(one, '/api/health', { headers: { host: `evil.example:${one.port}` } })).status).toBe(
      403,
    )
    expect(one.world.steered).toEqual([])
  })

  it('is refused by a console that only shows', async () => {
    const one = await start({}, { isReadOnly: true })

    const { status, text } = await change(one, '/api/connectors/shop/restart')

    expect([status, text]).toEqual([403, expect.stringContaining('--read-only')])
    expect(one.world.steered).toEqual([])
    expect((await firstEvents(one)).text).toContain('"token":null')
  })

  it('that Connect refuses gives its sentence and its hint', async () => {
    const refuse = async () => {
      throw new TribError('CONNECT_FAILED', 'a rebalance goes on', { hint: 'npx trib get connectors' })
    }
    const one = await start({ steering: { restart: refuse } })

    const { status, text } = await change(one, '/api/connectors/shop/restart')

    expect(status).toBe(502)
    expect(JSON.parse(text)).toEqual({
      ...{ code: 'CONNECT_FAILED', error: 'a rebalance goes on', hint: 'npx trib get connectors' },
    })
  })

  it('of a connector that is not there, or in words that nobody knows, changes nothing', async () => {
    const one = await start()

    expect(JSON.parse((await change(one, '/api/connectors/none/pause')).text).error).toContain("'none'")
    expect((await change(one, '/api/connectors/shop/restart', { body: '{"tasks":"some"}' })).status).toBe(400)
    expect((await change(one, '/api/connectors/shop/restart', { body: 'no json' })).status).toBe(400)
    const large = JSON.stringify({ tasks: 'x'.repeat(20_000) })
    expect((await change(one, '/api/connectors/shop/restart', { body: large })).status).toBe(400)
    expect(one.world.steered).toEqual([])
  })

  it('verifies once at a time', async () => {
    let finish = () => {}
    const one = await start({
      verify: () =>
        new Promise(resolve => {
          finish = () => resolve({ equal: true, sampled: false, seconds: 1, explanations: [], tables: [] })
        }),
    })

    expect((await change(one, '/api/verify')).status).toBe(202)
    expect((await change(one, '/api/verify')).status).toBe(400)
    finish()
    await expect.poll(async () => JSON.parse((await ask(one, '/api/verify')).text).isRunning).toBe(false)
    expect((await change(one, '/api/verify')).status).toBe(202)
    finish()
  })
})

/** What a page that just came is told, up to the activity log, which is last. */
async function firstEvents(one: FakeConsole): Promise<{ text: string; end: () => void }> {
  const ending = new AbortController()
  const answer = await fetch(`${one.url}/api/events`, { signal: ending.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!/event: activity\ndata: .*\n\n/.test(text)) text += (await reader?.read())?.value ?? ''
  ending.abort()
  return { text, end: () => ending.abort() }
}

describe('the stream of events', () => {
  it('begins with all that is known', async () => {
    const one = await start()
    const { text } = await firstEvents(one)

    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
    expect(names.slice(0, 5)).toEqual(['hello', 'board', 'verify', 'jobs', 'activity'])
    expect(text).toContain(`"token":"${testToken}"`)
  })

  it('makes the console ask the two questions, and counts its pages', async () => {
    const one = await start()
    const ending = new AbortController()
    const answer = await fetch(`${one.url}/api/events`, { signal: ending.signal })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!/event: answer\ndata: .*"isWhole":false/.test(text)) text += (await reader?.read())?.value ?? ''

    expect((await ask(one, '/metrics')).text).toContain('tributary_console_watchers 1\n')
    ending.abort()
    await expect
      .poll(async () => (await ask(one, '/metrics')).text)
      .toContain('tributary_console_watchers 0\n')
  })
})
