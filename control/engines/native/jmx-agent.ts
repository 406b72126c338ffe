import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { RecipeContext } from './recipe.ts'

/** The agent's settings, as brokers and workers find them in a container under /opt/tributary/jmx. */
const settings = ['kafka.yml', 'connect.yml'] as const

const settingsOf = (root: string) => settings.map(name => join(root, 'analytics', 'observe', 'jmx', name))

const hasAgent = ({ service }: RecipeContext) =>
  service.environment['KAFKA_OPTS']?.includes('-javaagent:') === true

/** Lays the agent and its settings into the folder `jmx` where the service starts. */
export function linkJmxAgent(context: RecipeContext): void {
  const folder = join(context.folder.path, 'jmx')
  rmSync(folder, { recursive: true, force: true })
  if (!hasAgent(context)) return
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(context.jars.jmxDir, 'agent.jar'), join(folder, 'agent.jar'))
  for (const [index, file] of settingsOf(context.root).entries())
    symlinkSync(file, join(folder, settings[index] ?? ''))
}

/** What the agent reads at its start: a change of it restarts the service. */
export function jmxFiles(context: RecipeContext): readonly string[] {
  return hasAgent(context) ? settingsOf(context.root) : []
}
