import { afterAll, expect, test } from 'vitest'
import type { ConnectAccess } from '../../../control/connect/connect-api.ts'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { transportFailure } from '../../../control/connect/transport-failure.ts'
import { cert, key } from '../../support/fake-connect/certificate.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'
import { listening } from '../../support/listening.ts'
import { openPasting } from '../../support/paste.ts'

const pasting = openPasting({ others: ['openssl'] })
afterAll(() => pasting[Symbol.dispose]())

const failure = (code: string, message = code) => Object.assign(new Error(message), { code })

/** The words that are pasted after the context's name. */
async function pasted(error: Error, url: string, access: Partial<ConnectAccess> = {}) {
  const urls = ['http://other:8083/a', url, 'https://[2001:db8::1]:8083']
  const thrown: unknown = await transportFailure(error, url, { urls, context: 'prod', ...access }).catch(
    given => given,
  )
  const hint = thrown instanceof Error && 'hint' in thrown ? String(thrown.hint) : `no hint: ${thrown}`
  const words = pasting.paste(hint).flat()
  return words.slice(words[0] === 'npx' ? 5 : 0)
}

const listOf = (url: string) => ['--connect', `http://other:8083/a,${url},https://[2001:db8::1]:8083`]

test('a worker that speaks TLS keeps its path and its place among the others', async () => {
  await using fake = await startFakeConnect({ tls: { key, cert } })

  expect(await pasted(failure('ECONNRESET'), `${fake.url.replace('https', 'http')}/behind`)).toEqual(
    listOf(`${fake.url}/behind`),
  )
})

test('a worker that speaks no TLS keeps its path and its place among the others', async () => {
  await using fake = await startFakeConnect()

  const error = failure('EPROTO', 'ssl3_get_record:wrong version number')

  expect(await pasted(error, `${fake.url.replace('http', 'https')}/behind`)).toEqual(
    listOf(`${fake.url}/behind`),
  )
})

test('a worker that is reached by another name keeps its path and its place among the others', async () => {
  await using fake = await startFakeConnect({ tls: { key, cert } })
  const { port } = new URL(fake.url)

  // The certificate names 127.0.0.1 first.
  expect(await pasted(failure('ERR_TLS_CERT_ALTNAME_INVALID'), `https://localhost:${port}/behind`)).toEqual(
    listOf(`https://127.0.0.1:${port}/behind`),
  )
})

test('a worker at an address of IPv6 is looked at by it', async () => {
  expect(await pasted(failure('CERT_HAS_EXPIRED'), 'https://[::1]:1/behind')).toContain('[::1]:1')
})

test('a worker that speaks no TLS is sent no token in clear text', async () => {
  await using fake = await startFakeConnect()
  const url = fake.url.replace('http', 'https')
  const headers = async () => ({ authorization: 'Bearer hunter2' })

  await expect(createConnectClient({ urls: [url], headers }).list()).rejects.toMatchObject({
    message: `${url} speaks no TLS, and a login is not sent there in clear text`,
    hint: `openssl s_client -connect ${new URL(url).host} </dev/null`,
  })
})

test('a worker that cuts the handshake switches TLS off for no token', async () => {
  await using cutting = await listening(socket => socket.once('data', () => socket.destroy()))
  const address = `127.0.0.1:${cutting.address.port}`
  const headers = async () => ({ authorization: 'Bearer hunter2' })

  const asked = createConnectClient({ urls: [`https://${address}`], headers }).list()

  await expect(asked).rejects.toMatchObject({
    message: `https://${address} ended the connection in the middle of the TLS handshake`,
    hint: `openssl s_client -connect ${address} </dev/null`,
  })
})
