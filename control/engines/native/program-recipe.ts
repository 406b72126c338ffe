import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { findOptionalProgram } from './optional-program.ts'
import type { Recipe } from './recipe.ts'

/** A program of this machine whose command line is that of its image: Prometheus, Alertmanager. */
export const programRecipe: Recipe = {
  stopSignal: 'SIGTERM',

  async prepare({ folder }) {
    mkdirSync(folder.path, { recursive: true })
  },

  launch({ service, folder, root, baseEnvironment }) {
    const program = findOptionalProgram(service, baseEnvironment)
    if (!program)
      throw new TribError('TOOL_MISSING', `the program of ${service.name} is not on the PATH any more`, {
        hint: 'npx trib status',
      })
    const observe = join(root, 'analytics', 'observe')
    return {
      program,
      args: service.command,
      env: baseEnvironment,
      cwd: folder.path,
      user: undefined,
      files: ['prometheus.yml', 'rules.yml', 'alertmanager.yml'].map(name => join(observe, name)),
    }
  },
}
