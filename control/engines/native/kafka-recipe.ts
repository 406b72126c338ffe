import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { runProgram } from '../../system/run-program.ts'
import { javaArguments } from './java-command.ts'
import { jmxFiles, linkJmxAgent } from './jmx-agent.ts'
import { kafkaProperties } from './kafka-properties.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

/** A tool that runs for a second is done before the optimising compiler pays. */
const shortLived = {
  KAFKA_HEAP_OPTS: '-Xmx128m',
  KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
}

export const kafkaRecipe: Recipe = {
  stopSignal: 'SIGTERM',

  async prepare(context) {
    const { service, folder } = context
    mkdirSync(folder.path, { recursive: true })
    refuseScriptVariables(context)
    writeFileSync(propertiesFile(context), kafkaProperties(service.environment))
    linkJmxAgent(context)
    const logDir = setting(context, 'KAFKA_LOG_DIRS')
    if (!existsSync(join(logDir, 'meta.properties'))) await format(context, logDir)
  },

  launch(context) {
    const { service, java, folder, baseEnvironment } = context
    return {
      program: java,
      args: javaArguments(
        'kafka.Kafka',
        [propertiesFile(context)],
        javaOptions(context, service.environment),
      ),
      env: baseEnvironment,
      cwd: folder.path,
      user: undefined,
      files: [join(context.root, 'connectors', 'log4j2.properties'), ...jmxFiles(context)],
    }
  },
}

async function format(context: RecipeContext, logDir: string): Promise<void> {
  const { java, baseEnvironment, service, signal } = context
  mkdirSync(logDir, { recursive: true })
  const args = ['format', '--cluster-id', setting(context, 'CLUSTER_ID'), '--config', propertiesFile(context)]
  const tool = javaArguments('kafka.tools.StorageTool', args, javaOptions(context, shortLived))
  const { code, stdout, stderr } = await runProgram(java, tool, { env: baseEnvironment, signal })
  if (code !== 0) {
    const reason = (stderr || stdout).trim().split('\n').at(-1)
    throw new TribError(
      'SERVICE_FAILED',
      `${service.name}: its data folder ${logDir} could not be formatted: ${reason}`,
    )
  }
}

function javaOptions({ jars, root }: RecipeContext, environment: Readonly<Record<string, string>>) {
  return { libsDir: jars.kafkaDir, root, environment }
}

function propertiesFile({ folder }: RecipeContext): string {
  return join(folder.path, 'server.properties')
}

function setting({ service }: RecipeContext, name: string): string {
  const value = service.environment[name]
  if (value === undefined) {
    throw new TribError(
      'COMPOSE_INVALID',
      `docker-compose.yml: ${service.name} needs ${name} in its environment to run natively`,
    )
  }
  return value
}

/** The image's scripts turn these into options of Java; without the scripts they would be dropped without a word. */
function refuseScriptVariables({ service }: RecipeContext): void {
  const name = Object.keys(service.environment).find(one =>
    /^KAFKA_(JMX|LOG4J|TOOLS_LOG4J|GC_LOG|DEBUG)/.test(one),
  )
  if (name === undefined) return
  throw new TribError(
    'COMPOSE_INVALID',
    `docker-compose.yml: services.${service.name}.environment.${name} has no native form; put the options for Java into KAFKA_OPTS`,
  )
}
