import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine, ServiceState } from '../../../control/engines/engine.ts'
import { provisionStack } from '../../../control/metabase/provision-stack.ts'
import type { Session } from '../../../control/stack/session.ts'
import { generateSettings } from '../../../control/stack/settings.ts'
import { type FakeMetabase, startFakeMetabase } from '../../support/fake-metabase.ts'
import { root } from '../../support/trib.ts'
import { read } from '../topology/read.ts'

let fake: FakeMetabase
beforeEach(async () => {
  fake = await startFakeMetabase()
})
afterEach(() => fake[Symbol.asyncDispose]())

interface SessionOptions {
  readonly profiles: readonly string[]
  readonly state: ServiceState
  readonly detail?: string
}

/** A stack whose Metabase is the fake one. */
function sessionWith({ profiles, state, detail = '' }: SessionOptions): Session {
  const generated = generateSettings({ portBase: 27_100, project: 'tributary' })
  const settings = new Map(Object.entries({ ...generated, METABASE_PORT: new URL(fake.url).port }))
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
  const topology = read(text, { environment: Object.fromEntries(settings), profiles })
  const engine = {
    status: async () => [{ service: 'metabase', state, detail, id: undefined }],
  } as unknown as Engine
  const stack = { name: 'x', id: 'x', root, folder: '', envFile: '', composeFile: '' }
  return { stack, settings, topology, engine }
}

const signal = new AbortController().signal

test('Metabase is told where the warehouse is and who may only read there; the link refreshes by itself', async () => {
  const session = sessionWith({ profiles: ['bi'], state: 'healthy' })

  const { url, changes } = await provisionStack(session, signal)

  const [dashboard] = fake.dashboards.keys()
  expect(url).toBe(`${fake.url}/dashboard/${dashboard}#refresh=60`)
  expect(changes.length).toBeGreaterThan(4)
  expect([...fake.databases.values()][0]?.['details']).toEqual({
    ...{ host: 'warehouse', port: 27_142, dbname: 'warehouse', user: 'dashboard', ssl: false },
    password: session.settings.get('WAREHOUSE_DASHBOARD_PASSWORD'),
  })
  expect(fake.password).toBe(session.settings.get('METABASE_ADMIN_PASSWORD'))
  expect(fake.objections).toEqual([])
})

test('a stack without the profile says how Metabase comes', async () => {
  await expect(provisionStack(sessionWith({ profiles: [], state: 'stopped' }), signal)).rejects.toMatchObject(
    {
      ...{ code: 'STACK_NOT_RUNNING', hint: 'npm run up -- --profile bi' },
    },
  )
})

test('a Metabase that does not run says why', async () => {
  const session = sessionWith({ profiles: ['bi'], state: 'stopped', detail: 'not run natively: it is so' })

  await expect(provisionStack(session, signal)).rejects.toMatchObject({
    message: 'metabase is stopped (not run natively: it is so)',
  })
  expect(fake.requests).toEqual([])
})
