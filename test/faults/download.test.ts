import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installJars } from '../../control/engines/native/jars.ts'
import { root } from '../support/trib.ts'

let folder: string
let cacheDir: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-download-'))
  // Whoever runs Postgres must be able to enter a cache.
  chmodSync(folder, 0o755)
  cacheDir = join(folder, 'cache')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const install = (env: NodeJS.ProcessEnv = process.env, clone = root) =>
  installJars({ root: clone, cacheDir, env, signal: AbortSignal.timeout(300_000), onProgress: () => {} })

/** A PATH whose Maven writes half of what it should, leaves word of where, and loses its connection. */
function breakingMaven(): NodeJS.ProcessEnv {
  const programs = join(folder, 'programs')
  mkdirSync(programs, { recursive: true })
  const script = `#!/bin/sh
case "$*" in *--version*) echo "Apache Maven 3.8.7"; exit;; esac
for word; do case "$word" in -Doutput=*) output=\${word#-Doutput=};; esac; done
mkdir -p "$output/kafka"
echo half > "$output/kafka/kafka_2.13-4.3.1.jar"
echo "$output" > "${join(folder, 'draft')}"
echo "[ERROR] Could not transfer artifact org.apache.kafka:kafka_2.13:jar:4.3.1: Connection reset"
exit 1
`
  writeFileSync(join(programs, 'mvn'), script, { mode: 0o755 })
  return { ...process.env, PATH: `${programs}:${process.env['PATH']}` }
}

async function pidOfNobody(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? -1
}

/** A zip ends with its table of contents: half a file has none. */
function isWholeJar(path: string): boolean {
  const bytes = readFileSync(path)
  return bytes.subarray(0, 2).toString() === 'PK' && bytes.lastIndexOf('PK\u0005\u0006') > 0
}

const jarsIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.jar'))

test('a download that failed half-way leaves nothing, and the next try brings all of it', async () => {
  await expect(install(breakingMaven())).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message:
      'Maven could not bring Kafka and Debezium: Could not transfer artifact org.apache.kafka:kafka_2.13:jar:4.3.1: Connection reset',
    hint: 'run the command again, it goes on where it stopped; behind a proxy, name it in ~/.m2/settings.xml',
  })
  expect(readdirSync(cacheDir)).toEqual([])

  const { kafkaDir, pluginsDir } = await install()

  expect(readdirSync(cacheDir)).toHaveLength(1)
  const jars = [kafkaDir, pluginsDir].flatMap(path => jarsIn(path).map(name => join(path, name)))
  expect(jars.filter(path => !isWholeJar(path))).toEqual([])
  expect(jarsIn(kafkaDir)).toContain('kafka_2.13-4.3.1.jar')
  expect(readdirSync(pluginsDir).sort()).toEqual(['debezium-connector-jdbc', 'debezium-connector-postgres'])
})

test('what a killed download left is removed by the next one, what a living one writes is not', async () => {
  await install(breakingMaven()).catch(() => {})
  const ownDraft = readFileSync(join(folder, 'draft'), 'utf8').trim()
  const halfOf = (pid: number) => {
    const draft = ownDraft.replace(/\d+$/, String(pid))
    mkdirSync(join(draft, 'kafka'), { recursive: true })
    writeFileSync(join(draft, 'kafka', 'kafka_2.13-4.3.1.jar'), 'half')
    return draft
  }
  const ofDead = halfOf(await pidOfNobody())
  // In a container the same few pids come again: one of ours may have been somebody's who was killed.
  const ofSamePid = halfOf(process.pid)
  const ofLiving = halfOf(process.ppid)

  await install()

  expect(existsSync(ofDead)).toBe(false)
  expect(existsSync(ofSamePid)).toBe(false)
  expect(existsSync(ofLiving)).toBe(true)
})

test('Maven reads a clone whose path has letters outside ASCII, whatever the locale of the caller', async () => {
  const clone = join(folder, 'ein Pfad – für alle')
  mkdirSync(join(clone, 'connectors'), { recursive: true })
  copyFileSync(join(root, 'connectors', 'pom.xml'), join(clone, 'connectors', 'pom.xml'))

  const { kafkaDir } = await install({ ...process.env, LANG: 'C', LC_ALL: 'C' }, clone)

  expect(jarsIn(kafkaDir)).toContain('kafka_2.13-4.3.1.jar')
})
