import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escapeIdentifier } from 'pg'
import { type Database, openDatabase } from '../../control/database/connect.ts'
import { installPostgresBinaries } from '../../control/engines/native/postgres-binaries.ts'
import { type UnprivilegedUser, unprivilegedUser } from '../../control/engines/native/unprivileged-user.ts'
import { messageOf } from '../../control/errors/trib-error.ts'
import { defaultCacheDir } from '../../control/system/cache-dir.ts'
import { waitFor } from '../../control/system/retry.ts'
import { runProgram } from '../../control/system/run-program.ts'

export interface TestPostgresOptions {
  /** Server settings beyond the quick and careless ones of a test; undefined: Postgres' own default. */
  readonly settings?: Readonly<Record<string, string | undefined>>
  readonly databases?: readonly string[]
}

/** A real server on a loopback port, everyone trusted; its disposal leaves neither process nor file. */
export interface TestPostgres extends AsyncDisposable {
  readonly host: string
  readonly port: number
  open(
    database?: string,
    options?: { readonly user?: string; readonly signal?: AbortSignal },
  ): Promise<Database>
  stop(): Promise<void>
  start(): Promise<void>
}

const host = '127.0.0.1'

export async function startPostgres({
  settings = {},
  databases = [],
}: TestPostgresOptions = {}): Promise<TestPostgres> {
  const { binDir } = await installPostgresBinaries({ cacheDir: defaultCacheDir(process.env) })
  const user = unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const server = {
    binDir,
    user,
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'log'),
    port: await freePort(),
  }

  let running: ChildProcess | undefined
  const open: TestPostgres['open'] = (database = 'postgres', { user: role = 'postgres', signal } = {}) =>
    openDatabase({ host, port: server.port, user: role, database, applicationName: 'test', signal })
  const start = async () => {
    running = launch(server, settings)
    await untilReady(running, open, server.logFile)
  }
  const stop = async () => {
    if (running) await end(running)
    running = undefined
  }
  const dispose = async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await initialise(server)
    await start()
    await createDatabases(open, databases)
  } catch (error) {
    await dispose()
    throw error
  }
  return { host, port: server.port, open, start, stop, [Symbol.asyncDispose]: dispose }
}

interface Server {
  readonly binDir: string
  readonly user: UnprivilegedUser | undefined
  readonly dataDir: string
  readonly logFile: string
  readonly port: number
}

async function initialise({ binDir, user, dataDir }: Server): Promise<void> {
  // The built-in provider knows the case of every letter on every platform; the system's C.UTF-8 does not exist on macOS.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = [
    '-D',
    dataDir,
    '-U',
    'postgres',
    '--auth=trust',
    '-E',
    'UTF8',
    ...locale,
    '--no-sync',
    '--no-instructions',
  ]
  const { code, stderr } = await runProgram(join(binDir, 'initdb'), args, {
    cwd: tmpdir(),
    uid: user?.uid,
    gid: user?.gid,
  })
  if (code !== 0) throw new Error(`initdb failed: ${stderr}`)
}

function launch(
  { binDir, user, dataDir, logFile, port }: Server,
  settings: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  const all = {
    port: String(port),
    listen_addresses: host,
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    wal_level: 'logical',
    ...settings,
  }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  const args = ['-D', dataDir, ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = openSync(logFile, 'a')
  const identity = user ? { uid: user.uid, gid: user.gid } : {}
  const server = spawn(join(binDir, 'postgres'), args, {
    cwd: dataDir,
    stdio: ['ignore', log, log],
    ...identity,
  })
  closeSync(log)
  return server
}

async function untilReady(server: ChildProcess, open: TestPostgres['open'], logFile: string): Promise<void> {
  const look = async () => {
    if (server.exitCode !== null)
      throw new Error(`postgres ended at its start: ${await readFile(logFile, 'utf8')}`)
    try {
      await using _database = await open()
      return { done: true }
    } catch (error) {
      return { pending: messageOf(error) }
    }
  }
  await waitFor(look, { what: 'postgres to accept connections', deadlineMs: 20_000, intervalMs: 20 })
}

/** Fast shutdown ends every session; an immediate one follows where that is not enough. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGINT')
  const impatience = setTimeout(() => server.kill('SIGQUIT'), 5_000)
  await ended.finally(() => clearTimeout(impatience))
}

async function createDatabases(open: TestPostgres['open'], names: readonly string[]): Promise<void> {
  await using database = await open()
  for (const name of names) await database.query(`create database ${escapeIdentifier(name)}`)
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, host)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no loopback port to be had')
  return address.port
}
