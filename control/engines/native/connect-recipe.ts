import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { javaArguments } from './java-command.ts'
import { jmxFiles, linkJmxAgent } from './jmx-agent.ts'
import type { Recipe } from './recipe.ts'

export const connectRecipe: Recipe = {
  stopSignal: 'SIGTERM',

  async prepare(context) {
    const { folder, jars } = context
    mkdirSync(folder.path, { recursive: true })
    const plugins = join(folder.path, 'plugins')
    rmSync(plugins, { force: true })
    symlinkSync(jars.pluginsDir, plugins)
    linkJmxAgent(context)
  },

  launch(context) {
    const { service, java, jars, root, folder, baseEnvironment } = context
    const properties = join(root, 'connectors', 'worker.properties')
    return {
      program: java,
      args: javaArguments('org.apache.kafka.connect.cli.ConnectDistributed', [properties], {
        libsDir: jars.kafkaDir,
        root,
        environment: service.environment,
      }),
      env: { ...baseEnvironment, ...service.environment },
      cwd: folder.path,
      user: undefined,
      files: [properties, join(root, 'connectors', 'log4j2.properties'), ...jmxFiles(context)],
    }
  },
}
