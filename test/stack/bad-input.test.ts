import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestStack, type TestStack, trib } from '../support/trib.ts'

let stack: TestStack
let folder: string

beforeEach(() => {
  stack = createTestStack()
  folder = mkdtempSync(join(tmpdir(), 'tributary-bad-'))
  // Whoever runs Postgres must be able to enter what stands for the cache.
  chmodSync(folder, 0o755)
})

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stack[Symbol.asyncDispose]()
})

/** A folder for the PATH with programs that print and end as told. */
function programs(scripts: Readonly<Record<string, string>>): string {
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  }
  return folder
}

const up = (env: Readonly<Record<string, string | undefined>>) =>
  stack.trib(['up', '--engine', 'native'], { env: { JAVA_HOME: undefined, ...env } })

test('a port in use is named, with who has it and the variable that changes it', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    const { code, stderr } = await up({ WAREHOUSE_PORT: String(port) })

    expect(code).toBe(1)
    expect(stderr).toContain(`PORT_IN_USE: port ${port}, which warehouse needs, is in use by`)
    expect(stderr).toContain(`(process ${process.pid}: `)
    expect(stderr).toContain('WAREHOUSE_PORT=')
  } finally {
    await new Promise(resolve => server.close(resolve))
  }
})

test('without Java it says what to install', async () => {
  const { code, stderr } = await up({ PATH: programs({}) })

  expect(code).toBe(1)
  expect(stderr).toContain('TOOL_MISSING: no Java was found; the native engine needs Java 17 or newer')
  expect(stderr).toContain('apt-get install openjdk-17-jre-headless')
})

test('a Java that is too old is named with its version', async () => {
  const { code, stderr } = await up({ PATH: programs({ java: 'echo \'java version "1.8.0_402"\' >&2' }) })

  expect(code).toBe(1)
  expect(stderr).toContain(
    'TOOL_TOO_OLD: the Java on the PATH is version 8; the native engine needs 17 or newer',
  )
})

const newJava = 'echo \'openjdk version "17.0.15"\' >&2'

test('without Maven and with an empty cache it says what to install', async () => {
  const { code, stderr } = await up({ PATH: programs({ java: newJava }), TRIBUTARY_CACHE: folder })

  expect(code).toBe(1)
  expect(stderr).toContain('TOOL_MISSING: no Maven was found; it brings Kafka and Debezium (3.6.3 or newer)')
})

test('a Maven that is too old is named with its version', async () => {
  const mvn = 'echo "Apache Maven 3.5.4 (1edded09)"'
  const { code, stderr } = await up({ PATH: programs({ java: newJava, mvn }), TRIBUTARY_CACHE: folder })

  expect(code).toBe(1)
  expect(stderr).toContain('TOOL_TOO_OLD: the Maven on the PATH is version 3.5.4; 3.6.3 or newer is needed')
})

test('a download that fails says why, and leaves nothing that looks whole', async () => {
  const mvn =
    'case "$*" in *--version*) echo "Apache Maven 3.8.7";; *) echo "[ERROR] Could not transfer artifact: no route to host"; exit 1;; esac'
  const { code, stderr } = await up({ PATH: programs({ java: newJava, mvn }), TRIBUTARY_CACHE: folder })

  expect(code).toBe(1)
  expect(stderr).toContain(
    'DOWNLOAD_FAILED: Maven could not bring Kafka and Debezium: Could not transfer artifact: no route to host',
  )
})

test('Docker is refused with the reason where it was asked for and cannot be used', async () => {
  symlinkSync(process.execPath, join(folder, 'node'))
  const missing = await stack.trib(['up', '--engine', 'docker'], { env: { PATH: folder } })
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain(
    'ENGINE_UNAVAILABLE: Docker cannot be used: there is no docker program on the PATH',
  )

  const client = (body: string) => programs({ docker: body })
  const refused = async (body: string) =>
    (await stack.trib(['up', '--engine', 'docker'], { env: { PATH: client(body) } })).stderr
  const engine = (version: string, compose: string) =>
    `case $1 in version) echo ${version};; compose) ${compose};; esac`

  expect(await refused('echo "Cannot connect to the Docker daemon" >&2; exit 1')).toContain(
    'ENGINE_UNAVAILABLE: Docker cannot be used: no Docker engine answers\n  → start Docker\n',
  )
  expect(await refused('echo "permission denied while trying to connect" >&2; exit 1')).toContain(
    'Docker cannot be used: this user may not use the Docker socket\n  → join the docker group',
  )
  expect(await refused(engine('20.10.5', 'echo 2.27.0'))).toContain(
    'Docker cannot be used: the Docker engine is version 20.10.5, 25 or newer is needed\n  → update Docker\n',
  )
  expect(
    await refused(engine('27.0.1', 'echo "docker: compose is not a docker command" >&2; exit 1')),
  ).toContain(
    "Docker cannot be used: the engine answers, but 'docker compose' does not\n  → install the Compose plugin, version 2.21 or newer\n",
  )
  expect(await refused(engine('27.0.1', 'echo 1.29.2'))).toContain(
    'Docker cannot be used: Compose is version 1.29.2, 2.21 or newer is needed\n  → install the Compose plugin',
  )
})

test('without an engine the automatic choice is native, and the reason is printed', async () => {
  const { stderr } = await stack.trib(['up'], { env: { PATH: programs({ docker: 'exit 1' }) } })

  expect(stderr).toContain(
    `Tributary comes up natively as the stack '${stack.name}' (no Docker engine answers)`,
  )
})

test('a command on a stack that was never brought up says so', async () => {
  const { code, stderr } = await trib(['status', '--stack', 'never-was'])

  expect(code).toBe(1)
  expect(stderr).toContain("STACK_NOT_RUNNING: the stack 'never-was' was never brought up here")
})

test('wrong words end with 2 and change nothing', async () => {
  expect((await trib(['upp'])).stderr).toContain('(Did you mean up?)')
  expect((await trib(['upp'])).code).toBe(2)
  expect((await trib(['up', '--engine', 'podman'])).code).toBe(2)
  expect((await trib(['up', '--stack', 'Not A Name'])).code).toBe(2)
  expect((await trib(['logs'])).code).toBe(2)
  expect((await trib(['generate', 'moodle', '--rate', 'fast'])).code).toBe(2)
  expect((await trib(['generate', 'music'])).code).toBe(2)
  expect((await stack.trib(['up', '--engine', 'native', '--profile', 'none'])).code).toBe(2)
})

test('a line of the env file that cannot be read is named, its value is not', async () => {
  writeFileSync(join(stack.folder, '.env'), 'GENERATOR_RATE=1\nWAREHOUSE_PASSWORD="secretly unfinished\n')

  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])

  expect(code).toBe(2)
  expect(stderr).toMatch(/ENV_FILE_INVALID: \.env line 2: /)
  expect(stderr).not.toContain('secretly')
  rmSync(join(stack.folder, '.env'))
})
