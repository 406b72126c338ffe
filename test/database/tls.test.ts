import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseTls, openDatabase } from '../../control/database/connect.ts'
import { unprivilegedUser } from '../../control/engines/native/unprivileged-user.ts'
import { runProgram } from '../../control/system/run-program.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

let folder: string
let postgres: TestPostgres
let ca: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-tls-'))
  const key = join(folder, 'server.key')
  const certificate = join(folder, 'server.crt')
  // For an address, not a name: the one that is checked must be the one that was asked for.
  const subject = ['-subj', '/CN=database', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = await runProgram('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...[...subject, '-keyout', key, '-out', certificate],
  ])
  if (made.code !== 0) throw new Error(`openssl failed: ${made.stderr}`)
  const user = unprivilegedUser()
  if (user) for (const path of [folder, key, certificate]) chownSync(path, user.uid, user.gid)
  ca = readFileSync(certificate, 'utf8')
  postgres = await startPostgres({ settings: { ssl: 'on', ssl_key_file: key, ssl_cert_file: certificate } })
})

afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

async function isEncrypted(tls: DatabaseTls | undefined, host = postgres.host): Promise<unknown> {
  const address = { host, port: postgres.port, user: 'postgres', database: 'postgres' }
  await using database = await openDatabase({ ...address, tls })
  const { rows } = await database.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  return rows[0]?.['ssl']
}

test('a session is encrypted where it is asked for', async () => {
  expect(await isEncrypted(undefined)).toBe(false)
  expect(await isEncrypted({ check: 'none' })).toBe(true)
  expect(await isEncrypted({ check: 'authority', ca })).toBe(true)
  expect(await isEncrypted({ check: 'authority-and-host', ca })).toBe(true)
})

test('a certificate that nobody trusts is refused', async () => {
  await expect(isEncrypted({ check: 'authority' })).rejects.toThrow('self-signed certificate')
})

test('a certificate of another host is refused where the host is checked', async () => {
  await expect(isEncrypted({ check: 'authority-and-host', ca }, 'localhost')).rejects.toThrow(
    "Hostname/IP does not match certificate's altnames",
  )
  expect(await isEncrypted({ check: 'authority', ca }, 'localhost')).toBe(true)
})

test('clear text is no way out where the server speaks nothing else', async () => {
  await using plain = await startPostgres()
  const address = { host: plain.host, port: plain.port, user: 'postgres', database: 'postgres' }

  await expect(openDatabase({ ...address, tls: { check: 'none' } })).rejects.toThrow(
    'the server speaks no TLS; where clear text is safe, say so: sslmode=disable',
  )
})
