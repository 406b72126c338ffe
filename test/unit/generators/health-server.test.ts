import { expect, test } from 'vitest'
import { startHealthServer } from '../../../generators/health-server.ts'

const bindAddress = '127.0.0.1'

test('healthz answers what is reported at that moment', async () => {
  let rows = 1
  await using server = await startHealthServer({
    port: 0,
    bindAddress,
    report: () => ({ phase: 'live', rows }),
  })
  rows = 2

  const response = await fetch(`http://${bindAddress}:${server.port}/healthz`)

  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ phase: 'live', rows: 2 })
})

test('any other path is not found', async () => {
  await using server = await startHealthServer({ port: 0, bindAddress, report: () => ({}) })

  const response = await fetch(`http://${bindAddress}:${server.port}/`)

  expect(response.status).toBe(404)
})

test('a port that is taken is named', async () => {
  await using server = await startHealthServer({ port: 0, bindAddress, report: () => ({}) })

  const second = startHealthServer({ port: server.port, bindAddress, report: () => ({}) })

  await expect(second).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(`${server.port}`),
  })
})

test('a closed server frees its port', async () => {
  const first = await startHealthServer({ port: 0, bindAddress, report: () => ({}) })
  await first[Symbol.asyncDispose]()

  await using second = await startHealthServer({ port: first.port, bindAddress, report: () => ({}) })

  expect(second.port).toBe(first.port)
})
