import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { hasEngine } from './has-engine.ts'

const docker = (...args: readonly string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

describe.skipIf(!hasEngine)('bad luck with Docker', () => {
  let stack: TestStack
  let folder: string

  beforeEach(() => {
    stack = createTestStack({ GENERATOR_HISTORY: '100' })
    folder = mkdtempSync(join(tmpdir(), 'tributary-docker-'))
    chmodSync(folder, 0o755)
  })

  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true })
    await stack[Symbol.asyncDispose]()
  })

  /** The real client, but no image can be had. */
  const withoutRegistry = () => {
    const real = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim()
    const script = `#!/bin/sh
case "$1 $2" in
  "image inspect") exit 1 ;;
  "pull "*) echo 'Error response from daemon: Get "https://registry.example/v2/": no route to host' >&2; exit 1 ;;
esac
exec ${real} "$@"
`
    writeFileSync(join(folder, 'docker'), script, { mode: 0o755 })
    return { PATH: `${folder}:${process.env['PATH']}` }
  }

  test('an image that cannot be had is named where Docker was asked for', async () => {
    const { code, stderr } = await stack.trib(['up', '--engine', 'docker'], { env: withoutRegistry() })

    expect(code).toBe(1)
    expect(stderr).toContain(
      'IMAGE_UNAVAILABLE: Docker cannot get the image apache/kafka:4.3.1: Error response from daemon: ' +
        'Get "https://registry.example/v2/": no route to host',
    )
    expect(stderr).toContain(
      `→ docker pull apache/kafka:4.3.1; or run natively: npm run up -- --stack ${stack.name} --engine native`,
    )
  })

  test('an image that cannot be had makes the automatic choice go on natively, and say so', async () => {
    const { code, stderr } = await stack.trib(['up'], { env: withoutRegistry() })

    expect(stderr).toContain('Tributary comes up on Docker')
    expect(stderr).toMatch(
      /Tributary comes up natively .*\(Docker cannot get the image apache\/kafka:4\.3\.1/,
    )
    expect(code).toBe(0)
  })

  test('a published port in use is named, with the variable that changes it', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const { code, stderr } = await stack.trib(['up', '--engine', 'docker'], {
        env: { WAREHOUSE_PORT: String(port) },
      })

      expect(code).toBe(1)
      expect(stderr).toContain(`PORT_IN_USE: port ${port}, which warehouse needs, is in use by`)
    } finally {
      await new Promise(resolve => server.close(resolve))
    }
  })

  test('a broker that ends once while up waits for it is started again, and up goes on', async () => {
    const running = stack.trib(['up', '--engine', 'docker'])
    const pid = await eventually(
      'kafka-1 to run',
      async () => {
        const id = docker('ps', '--quiet', '--filter', `name=${stack.name}-kafka-1-1$`)
        return id === '' ? undefined : Number(docker('inspect', '--format', '{{.State.Pid}}', id))
      },
      { deadlineMs: 60_000 },
    )

    process.kill(pid, 'SIGKILL')

    const { code, stderr } = await running
    expect(stderr).toContain('\nup in ')
    expect(code).toBe(0)
  })

  test('a container that restarts for ever is named, with the end of its log', async () => {
    const { code, stderr, seconds } = await stack.trib(['up', '--engine', 'docker'], {
      env: { KAFKA_HEAP_OPTS: '-Xmx1m' },
    })

    expect(code).toBe(1)
    expect(stderr).toMatch(/SERVICE_FAILED: kafka-\d: it ends again and again; its log ends with:/)
    expect(stderr).toContain('Too small maximum heap')
    expect(stderr).toMatch(/→ npx trib logs --stack test-\w+ kafka-\d/)
    expect(seconds).toBeLessThan(120)
  })
})
