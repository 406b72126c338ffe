import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { runProgram } from '../../system/run-program.ts'
import { removeStaleLock } from './postgres-lock.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

export const postgresRecipe: Recipe = {
  // "Fast" shutdown, as in the image: sessions are ended, nothing is lost.
  stopSignal: 'SIGINT',

  async prepare(context) {
    mkdirSync(context.folder.path, { recursive: true })
    refuseUnknownVariables(context)
    const data = dataDir(context)
    if (!existsSync(join(data, 'PG_VERSION'))) return initialise(context, data)
    checkVersion(context, data)
    await removeStaleLock(data, context.signal)
  },

  launch(context) {
    const { service, postgres, postgresUser } = context
    const [program, ...settings] = service.command
    if (program !== 'postgres') {
      throw new TribError(
        'COMPOSE_INVALID',
        `docker-compose.yml: ${service.name}.command must begin with 'postgres' to run natively`,
      )
    }
    const data = dataDir(context)
    return {
      program: join(postgres.binDir, 'postgres'),
      // No socket file: a native stack is reached through 127.0.0.1 only, and leaves nothing under /tmp.
      args: ['-D', data, '-c', 'unix_socket_directories=', ...settings],
      env: postgresEnvironment(context),
      cwd: data,
      user: postgresUser,
      files: [],
    }
  },
}

/** `initdb` and the service's database, in a draft that becomes the data folder only when it is whole. */
async function initialise(context: RecipeContext, data: string): Promise<void> {
  const { service, postgres } = context
  if (existsSync(data) && readdirSync(data).length > 0) {
    throw new TribError(
      'SERVICE_FAILED',
      `${service.name}: ${data} is not empty and holds no Postgres data; it is left alone`,
      {
        hint: 'look at it, then move it away',
      },
    )
  }
  const {
    POSTGRES_PASSWORD: password = '',
    POSTGRES_USER: owner = 'postgres',
    POSTGRES_INITDB_ARGS = '',
  } = service.environment
  const draft = `${data}.new`
  const passwordFile = `${draft}.password`
  mkdirSync(dirname(data), { recursive: true })
  // What a run that was killed left behind.
  rmSync(draft, { recursive: true, force: true })
  makeFolder(context, draft)
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 })
    giveToUser(context, passwordFile)
    const initdb = ['-D', draft, '-U', owner, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    await run(context, join(postgres.binDir, 'initdb'), [
      ...initdb,
      ...POSTGRES_INITDB_ARGS.split(/\s+/).filter(Boolean),
    ])
    await createDatabase(context, draft)
    rmSync(data, { recursive: true, force: true })
    renameSync(draft, data)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(draft, { recursive: true, force: true })
  }
}

/** In single-user mode: the server listens only once its database is there, so "ready" never comes too early. */
async function createDatabase(context: RecipeContext, data: string): Promise<void> {
  const { service, postgres } = context
  const { POSTGRES_USER: owner = 'postgres', POSTGRES_DB: database = owner } = service.environment
  if (database === 'postgres') return
  const statement = `create database "${database.replaceAll('"', '""')}"\n`
  const args = ['--single', '-j', '-D', data, '-c', 'exit_on_error=on', 'postgres']
  await run(context, join(postgres.binDir, 'postgres'), args, `${statement}\n`)
}

async function run(
  context: RecipeContext,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const { service, postgresUser, signal } = context
  const { code, stdout, stderr } = await runProgram(program, args, {
    env: postgresEnvironment(context),
    cwd: dirname(dataDir(context)),
    uid: postgresUser?.uid,
    gid: postgresUser?.gid,
    signal,
    ...(input === undefined ? {} : { input }),
  })
  if (code === 0) return
  const reason =
    (stderr || stdout)
      .trim()
      .split('\n')
      .filter(line => /error|fatal|could not/i.test(line))
      .at(-1) ?? stderr.trim()
  throw new TribError('SERVICE_FAILED', `${service.name}: its data folder could not be made: ${reason}`)
}

function postgresEnvironment({ baseEnvironment, postgres }: RecipeContext): NodeJS.ProcessEnv {
  return { PATH: `${postgres.binDir}:${baseEnvironment['PATH'] ?? ''}`, LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }
}

function checkVersion({ service, postgres }: RecipeContext, data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  const wanted = postgres.version.split('.')[0]
  if (found !== wanted) {
    throw new TribError(
      'SERVICE_FAILED',
      `${service.name}: its data is of Postgres ${found}, the stack runs Postgres ${wanted}`,
      {
        hint: 'dump it with the old version, or begin anew: npm run down -- --volumes && npm run up',
      },
    )
  }
}

/** Of the image's variables, those that have a native form; another one would be dropped without a word. */
const knownVariables = new Set(['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB', 'POSTGRES_INITDB_ARGS'])

function refuseUnknownVariables({ service }: RecipeContext): void {
  const unknown = Object.keys(service.environment).find(
    name => name.startsWith('POSTGRES_') && !knownVariables.has(name),
  )
  if (unknown === undefined) return
  throw new TribError(
    'COMPOSE_INVALID',
    `docker-compose.yml: services.${service.name}.environment.${unknown} has no native form; the native engine knows ${[...knownVariables].join(', ')}`,
  )
}

function makeFolder(context: RecipeContext, path: string): void {
  mkdirSync(path, { mode: 0o700 })
  giveToUser(context, path)
}

function giveToUser({ postgresUser }: RecipeContext, path: string): void {
  if (postgresUser) chownSync(path, postgresUser.uid, postgresUser.gid)
}

function dataDir({ service }: RecipeContext): string {
  const data = service.environment['PGDATA']
  if (data === undefined) {
    throw new TribError(
      'COMPOSE_INVALID',
      `docker-compose.yml: ${service.name} needs PGDATA in its environment to run natively`,
    )
  }
  return data
}
