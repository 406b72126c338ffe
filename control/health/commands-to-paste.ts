import { hintForTarget } from '../errors/hint-for-target.ts'
import { shellWord } from '../output/shell-words.ts'
import type { Cluster, SqlPlace } from './snapshot.ts'

/** SQL that mends, as a line to paste: by `trib sql` where that speaks to this database, else by psql. */
export function sqlCommand(place: SqlPlace, sql: string): string {
  if (place.isService) return `npx trib sql ${shellWord(place.name)} ${shellWord(sql)}`
  const { user, host, port, database } = place
  return `psql ${shellWord(`postgres://${user}@${host}:${port}/${database}`)} -c ${shellWord(sql)}`
}

/** One after the other, as far as they go well; what is not known is left out. */
export function inTurn(...commands: readonly (string | undefined)[]): string {
  return commands.filter(command => command !== undefined).join(' && ')
}

/** A line that was asked for with `--stack` or `-c` must be pasted with it, or it would reach another cluster. */
export function forCluster(command: string, { stackOption, contextOption }: Cluster): string {
  return hintForTarget(command, { stack: stackOption, context: contextOption })
}

/** An identifier as SQL wants it: `"CommunityUsers"`, but plain `orders`. */
export function sqlName(...parts: readonly string[]): string {
  return parts
    .map(part => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.')
}

/** A text as SQL wants it, whatever is in it: as pg's `escapeLiteral`, which the console's page cannot load. */
export function sqlText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** Starts what does not run in the local stack; elsewhere trib cannot. */
export function bringUp({ kind, statusHint }: Cluster): string {
  return kind === 'local' ? 'npx trib up' : statusHint
}
