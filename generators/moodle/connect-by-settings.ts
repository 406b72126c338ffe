import { openDatabase } from '../../control/database/connect.ts'
import { TribError } from '../../control/errors/trib-error.ts'
import type { GeneratorDeps } from '../generator.ts'

/** Reaches a source by the variables that `docker-compose.yml` gives its generator: `COMMUNITY_DB_PORT` and so on. */
export function connectBySettings(
  settings: Readonly<Record<string, string | undefined>>,
): GeneratorDeps['connect'] {
  return async (source, { signal }) => {
    const prefix = source.replaceAll('-', '_').toUpperCase()
    return openDatabase({
      host: settings[`${prefix}_HOST`] || '127.0.0.1',
      port: Number(required(settings, `${prefix}_PORT`)),
      user: 'generator',
      password: required(settings, `${prefix}_GENERATOR_PASSWORD`),
      database: source.replaceAll('-', '_'),
      applicationName: 'trib generate',
      signal,
    })
  }
}

function required(settings: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = settings[name]
  if (value) return value
  throw new TribError('USAGE', `${name} is not set: the generator does not know how to reach its database`, {
    hint: 'npm run up',
  })
}
