import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { runProgram } from '../../system/run-program.ts'

/** Kafka 4 brokers and Debezium 3 need Java 17. */
const oldestJava = 17
const oldestMaven = [3, 6, 3] as const

const installJava =
  'install one (Debian and Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17), or use Docker: npm run up -- --engine docker'
const installMaven =
  'install it (Debian and Ubuntu: apt-get install maven; macOS: brew install maven), or use Docker: npm run up -- --engine docker'

/** The Java program to run: JAVA_HOME's, else the PATH's; refused when missing or too old. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<string> {
  const home = env['JAVA_HOME']
  const java = home && existsSync(join(home, 'bin', 'java')) ? join(home, 'bin', 'java') : 'java'
  const { code, stderr, stdout } = await runProgram(java, ['-version'], { env })
  if (code !== 0)
    throw new TribError(
      'TOOL_MISSING',
      `no Java was found; the native engine needs Java ${oldestJava} or newer`,
      { hint: installJava },
    )
  const found = parseJavaVersion(stderr + stdout)
  if (found !== undefined && found < oldestJava) {
    const where = java === 'java' ? 'on the PATH' : `of JAVA_HOME (${home})`
    throw new TribError(
      'TOOL_TOO_OLD',
      `the Java ${where} is version ${found}; the native engine needs ${oldestJava} or newer`,
      { hint: installJava },
    )
  }
  return java
}

/** 17 of `openjdk version "17.0.15"`, 8 of `java version "1.8.0_402"`. */
export function parseJavaVersion(text: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? []
  if (first === undefined) return undefined
  return first === '1' && second !== undefined ? Number(second) : Number(first)
}

/** Checked only when something has to be downloaded: a warm cache needs no Maven. */
export async function checkMaven(env: NodeJS.ProcessEnv): Promise<void> {
  const needed = oldestMaven.join('.')
  const { code, stdout } = await runProgram('mvn', ['--batch-mode', '--version'], { env })
  if (code !== 0)
    throw new TribError(
      'TOOL_MISSING',
      `no Maven was found; it brings Kafka and Debezium (${needed} or newer)`,
      { hint: installMaven },
    )
  const found = parseMavenVersion(stdout)
  if (found !== undefined && isOlder(found, oldestMaven)) {
    throw new TribError(
      'TOOL_TOO_OLD',
      `the Maven on the PATH is version ${found.join('.')}; ${needed} or newer is needed`,
      { hint: installMaven },
    )
  }
}

export function parseMavenVersion(text: string): readonly number[] | undefined {
  const [, version] = /Apache Maven (\d+\.\d+\.\d+)/.exec(text) ?? []
  return version?.split('.').map(Number)
}

function isOlder(found: readonly number[], wanted: readonly number[]): boolean {
  for (const [position, number] of wanted.entries()) {
    const ours = found[position] ?? 0
    if (ours !== number) return ours < number
  }
  return false
}
