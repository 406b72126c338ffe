import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { javaArguments } from './java-command.ts'
import { jmxFiles, linkJmxAgent } from './jmx-agent.ts'
import type { Recipe } from './recipe.ts'

/** Where a task of a sink has its name from; a worker refuses to start without that folder (macOS). */
const hasNames = existsSync('/proc/sys/kernel/random')
const shipped = (root: string) => join(root, 'connectors', 'worker.properties')
const withoutThem = (folder: string) => join(folder, 'worker.properties')

export const connectRecipe: Recipe = {
  stopSignal: 'SIGTERM',

  async prepare(context) {
    const { folder, jars } = context
    mkdirSync(folder.path, { recursive: true })
    const plugins = join(folder.path, 'plugins')
    rmSync(plugins, { force: true })
    symlinkSync(jars.pluginsDir, plugins)
    linkJmxAgent(context)
    if (!hasNames)
      writeFileSync(withoutThem(folder.path), withoutNames(readFileSync(shipped(context.root), 'utf8')))
  },

  launch(context) {
    const { service, java, jars, root, folder, baseEnvironment } = context
    const properties = hasNames ? shipped(root) : withoutThem(folder.path)
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
      files: [shipped(root), join(root, 'connectors', 'log4j2.properties'), ...jmxFiles(context)],
    }
  },
}

/** A reference to them stays as it stands then, and the warehouse lets every task in, as it did before. */
export function withoutNames(properties: string): string {
  return properties
    .replace(/^config\.providers\.directory\..*\n/gm, '')
    .replace(/^(config\.providers=.*),directory$/m, '$1')
}
