import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Jars } from '../../../control/engines/native/jars.ts'
import { findJava } from '../../../control/engines/native/java.ts'
import { javaArguments } from '../../../control/engines/native/java-command.ts'
import { runProgram } from '../../../control/system/run-program.ts'
import { root } from '../trib.ts'

export interface JavaOptions {
  /** Its own; it starts there. */
  readonly folder: string
  readonly jars: Jars
  readonly mainClass: string
  /** Written to a file, which is its only argument. */
  readonly properties: string
  readonly environment: Readonly<Record<string, string>>
}

export interface JavaProcess extends AsyncDisposable {
  /** The end of its log, for a failure. */
  log(): string
  isRunning(): boolean
}

const quick = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1'

/** A process of Kafka's with settings of the test's own, started as the native engine starts it. */
export async function startJava(options: JavaOptions): Promise<JavaProcess> {
  const { folder, jars, mainClass, properties, environment } = options
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'settings.properties')
  writeFileSync(file, properties, { mode: 0o600 })
  const settings = { KAFKA_JVM_PERFORMANCE_OPTS: quick, ...environment }
  const args = javaArguments(mainClass, [file], { libsDir: jars.kafkaDir, root, environment: settings })
  const logFile = join(folder, 'log')
  const log = openSync(logFile, 'a')
  const child = spawn(await findJava(process.env), args, {
    ...{ cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', log, log] },
  })
  closeSync(log)
  return {
    log: () => readFileSync(logFile, 'utf8').split('\n').slice(-30).join('\n'),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    [Symbol.asyncDispose]: () => end(child),
  }
}

/** One of Kafka's tools, run to its end. */
export async function runJava(jars: Jars, mainClass: string, args: readonly string[]): Promise<void> {
  const environment = { KAFKA_HEAP_OPTS: '-Xmx128m', KAFKA_JVM_PERFORMANCE_OPTS: quick }
  const words = javaArguments(mainClass, args, { libsDir: jars.kafkaDir, root, environment })
  const { code, stdout, stderr } = await runProgram(await findJava(process.env), words)
  if (code !== 0) throw new Error(`${mainClass} ended with ${code}: ${stderr || stdout}`)
}

/** A worker whose brokers are gone does not end by itself. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended.finally(() => clearTimeout(impatience))
}
