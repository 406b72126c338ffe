import { expect, test } from 'vitest'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'

test('a list of 500 connectors is one request', async () => {
  await using fake = await startFakeConnect()
  fake.seed(500)

  const connectors = await createConnectClient({ urls: [fake.url] }).list()

  expect(connectors).toHaveLength(500)
  expect(connectors[499]).toMatchObject({ name: 'seeded-0499', state: 'RUNNING', tasks: [{ id: 0 }] })
  expect(fake.count()).toBe(1)
})

test('a list of 500 connectors takes at most 300 ms longer than the worker itself', async () => {
  await using fake = await startFakeConnect()
  fake.seed(500)
  const connect = createConnectClient({ urls: [fake.url] })
  const raw = () => fetch(`${fake.url}/connectors?expand=info&expand=status`).then(answer => answer.text())
  // The best of five of each, in turn: what the client costs, not what else this machine does meanwhile.
  const rawMs: number[] = []
  const listMs: number[] = []
  for (let round = 0; round < 5; round += 1) {
    rawMs.push(await duration(raw))
    listMs.push(await duration(() => connect.list()))
  }

  expect(Math.min(...listMs) - Math.min(...rawMs)).toBeLessThan(300)
})

async function duration(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}
