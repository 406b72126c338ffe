import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { identifyProcess } from '../../system/process-identity.ts'
import { runProgram } from '../../system/run-program.ts'
import type { PrepareOptions } from '../engine.ts'
import { utf8Locale } from './ground.ts'
import { checkMaven } from './java.ts'

export interface Jars {
  /** Brokers, Connect runtime and tools. */
  readonly kafkaDir: string
  /** Debezium's connectors, one folder each. */
  readonly pluginsDir: string
  /** The JMX agent, `agent.jar`. */
  readonly jmxDir: string
}

interface JarsOptions extends PrepareOptions {
  readonly root: string
  readonly cacheDir: string
  readonly env: NodeJS.ProcessEnv
}

/** Where the jars of this very Maven file lie, or will. */
function locateJars(root: string, cacheDir: string): Jars & { readonly folder: string } {
  const pom = readFileSync(join(root, 'connectors', 'pom.xml'))
  const folder = join(cacheDir, `jars-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`)
  return {
    folder,
    kafkaDir: join(folder, 'kafka'),
    pluginsDir: join(folder, 'plugins'),
    jmxDir: join(folder, 'jmx'),
  }
}

/** Brings the pinned jars through Maven, once; half a download is never taken for a whole one. */
export async function installJars(options: JarsOptions): Promise<Jars> {
  const { root, cacheDir, env, signal, onProgress } = options
  const jars = locateJars(root, cacheDir)
  removeLeftDrafts(cacheDir)
  if (existsSync(jars.folder)) return jars
  await checkMaven(env)
  mkdirSync(cacheDir, { recursive: true })
  const draft = `${jars.folder}.${process.pid}`
  try {
    let downloaded = 0
    onProgress('Kafka and Debezium', 'asking Maven')
    const maven = await runProgram(
      'mvn',
      ['--batch-mode', '-f', join(root, 'connectors', 'pom.xml'), '-Pkafka', `-Doutput=${draft}`, 'package'],
      {
        env: { ...env, LC_ALL: utf8Locale },
        signal,
        onLine: line => {
          const file = /Downloaded from \S+: \S*\/(\S+\.(?:jar|tar\.gz))/.exec(line)?.[1]
          if (file) onProgress('Kafka and Debezium', `${++downloaded} files downloaded, last ${file}`)
        },
      },
    )
    if (maven.code !== 0) throw downloadFailed(maven.stdout + maven.stderr)
    publish(draft, jars.folder)
    return jars
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * What a killed `up` left half-way: nobody comes back for it, and Maven would take half a file in it for a whole one.
 * One with our own pid is not ours yet: in a container the same few pids come again.
 */
function removeLeftDrafts(cacheDir: string): void {
  for (const name of existsSync(cacheDir) ? readdirSync(cacheDir) : []) {
    const pid = Number(/^jars-[0-9a-f]+\.(\d+)$/.exec(name)?.[1])
    if (pid === process.pid || (pid > 0 && identifyProcess(pid) === undefined))
      rmSync(join(cacheDir, name), { recursive: true, force: true })
  }
}

function publish(draft: string, folder: string): void {
  try {
    renameSync(draft, folder)
  } catch (error) {
    // Another `up` was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error
  }
}

function downloadFailed(output: string): TribError {
  const reason = /\[ERROR\] (.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? 'no reason given'
  return new TribError(
    'DOWNLOAD_FAILED',
    `Maven could not bring Kafka and Debezium: ${reason.slice(0, 400)}`,
    {
      hint: 'run the command again, it goes on where it stopped; behind a proxy, name it in ~/.m2/settings.xml',
    },
  )
}
