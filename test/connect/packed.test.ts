import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../../control/version.ts'
import { copyClone } from '../support/copy-clone.ts'
import { type FakeConnect, startFakeConnect } from '../support/fake-connect.ts'
import { eventually, root } from '../support/trib.ts'

// Packed in a copy: `npm pack` leaves a dist/ behind, and a build of this clone may be in use.
const folder = mkdtempSync(join(tmpdir(), 'tributary-packed-'))
const clone = join(folder, 'clone')
const installed = join(folder, 'elsewhere')
const pack = join(installed, 'node_modules', 'tributary')
let packedFiles: readonly string[] = []
let connect: FakeConnect

beforeAll(async () => {
  connect = await startFakeConnect()
  copyClone(clone)
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], clone)
  expect(packed.code, packed.stderr).toBe(0)
  const [{ filename, files }] = JSON.parse(packed.stdout)
  packedFiles = files.map(({ path }: { path: string }) => path)
  mkdirSync(installed)
  // Without Postgres, of 60 MB: it is for stacks, which live in clones.
  const words = ['install', '--offline', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund']
  const install = await run('npm', [...words, join(folder, filename)], installed)
  expect(install.code, install.stderr).toBe(0)
  // Nothing of the clone can be leant on.
  rmSync(clone, { recursive: true })
})

afterAll(async () => {
  await connect.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the package holds the bundle, its launcher and what a reader needs', () => {
  const named = /^dist\/(chunks\/.*|page\/app-\w+\.(js|css))$/
  const others = packedFiles.filter(path => !named.test(path))

  expect(new Set(others)).toEqual(
    new Set([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
      ...['control/ensure-bundle.mjs', 'control/trib.mjs', 'dist/trib.mjs', 'dist/page/index.html'],
    ]),
  )
})

test('it brings no package with it', () => {
  const packages = readdirSync(join(installed, 'node_modules')).filter(name => !name.startsWith('.'))

  expect(packages).toEqual(['tributary'])
})

test('it starts', async () => {
  const help = await trib('--help')

  expect(await trib('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('Usage: trib')
})

test('it declares connectors on a cluster elsewhere', async () => {
  const file = join(folder, 'landing.json')
  const config = {
    ...{ 'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector', topics: 'landing' },
    ...{ 'connection.url': 'jdbc:postgresql://warehouse.example.org/warehouse', 'tasks.max': '1' },
  }
  writeFileSync(file, JSON.stringify({ name: 'landing', config }))

  expect(await trib('config', 'set-context', 'remote', '--connect', connect.url)).toMatchObject({ code: 0 })
  expect(await trib('get', 'connectors', '-c', 'remote', '-o', 'json')).toEqual({
    ...{ code: 0, stdout: '[]\n', stderr: '' },
  })
  expect(await trib('diff', '-f', file, '-c', 'remote')).toMatchObject({ code: 3, stderr: '' })
  const applied = await trib('apply', '-f', file, '-c', 'remote', '--wait')
  expect(applied.code, applied.stderr).toBe(0)
  expect(await trib('diff', '-f', file, '-c', 'remote')).toMatchObject({ code: 0 })
  const { stdout } = await trib('get', 'connectors', '-c', 'remote', '-o', 'json')
  expect(JSON.parse(stdout)).toMatchObject([{ name: 'landing', state: 'RUNNING' }])
})

test('it serves the web console of a cluster elsewhere, with its page', async () => {
  const program = spawn(
    join(installed, 'node_modules', '.bin', 'trib'),
    ['console', '--port', '0', '-c', 'remote'],
    {
      cwd: installed,
      env: environment(folder),
    },
  )
  let stderr = ''
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise(resolve => program.on('close', resolve))
  try {
    const url = await eventually('the console to listen', async () => /url=(\S+)/.exec(stderr)?.[1])
    const page = await (await fetch(url)).text()
    const [, script = ''] = /src="(assets\/[^"]+)"/.exec(page) ?? []

    expect((await fetch(`${url}/${script}`)).headers.get('cache-control')).toContain('immutable')
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  } finally {
    program.kill('SIGTERM')
  }
  expect(await ended, stderr).toBe(0)
})

test('it says in one sentence that stacks live in clones, and writes nothing into its own folder', async () => {
  const before = readdirSync(pack)

  for (const words of [['up'], ['status'], ['get', 'connectors', '-c', 'local']]) {
    expect(await trib(...words)).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: [
        `CONTEXT_INCOMPLETE: there is no local stack here: ${join(pack, 'docker-compose.yml')} does not exist\n`,
        '  → npm run up in a clone of Tributary; for a cluster elsewhere: ',
        'npx trib config set-context NAME --connect https://connect.example.org:8083\n',
      ].join(''),
    })
  }
  expect(await trib('down')).toMatchObject({ code: 0 })

  expect(readdirSync(pack)).toEqual(before)
  expect(existsSync(join(installed, '.tributary'))).toBe(false)
})

function trib(...args: readonly string[]) {
  return run(join(installed, 'node_modules', '.bin', 'trib'), args, installed)
}

function environment(home: string | undefined) {
  const { PATH } = process.env
  return { PATH, HOME: home, NO_COLOR: '1', TRIB_CONFIG: join(folder, 'contexts.yaml') }
}

function run(program: string, args: readonly string[], cwd: string) {
  // npm's cache is the user's; contexts and history are the test's own.
  const env = environment(program === 'npm' ? process.env['HOME'] : folder)
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(program, args, { cwd, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}
