import { mkdirSync } from 'node:fs'
import type { Recipe } from './recipe.ts'

/** Our own image: `trib` with the service's command as its arguments. */
export const tribRecipe: Recipe = {
  stopSignal: 'SIGTERM',

  async prepare({ folder }) {
    mkdirSync(folder.path, { recursive: true })
  },

  launch({ service, launcher, stackName, folder, baseEnvironment }) {
    return {
      program: process.execPath,
      args: [launcher, ...service.command],
      env: { ...baseEnvironment, TRIB_STACK: stackName, ...service.environment },
      cwd: folder.path,
      user: undefined,
      files: [],
    }
  },
}
