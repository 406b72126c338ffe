import type { Cluster, SqlPlace } from './snapshot.ts'

/** SQL that mends, as a line to paste: by `trib sql` where that speaks to this database, else by psql. */
export function sqlCommand(place: SqlPlace, sql: string): string {
  if (place.isService) return `npx trib sql ${place.name} ${shellQuote(sql)}`
  const { user, host, port, database } = place
  return `psql ${shellQuote(`postgres://${user}@${host}:${port}/${database}`)} -c ${shellQuote(sql)}`
}

export function shellQuote(text: string): string {
  if (!text.includes("'")) return `'${text}'`
  return `"${text.replace(/[\\"$`]/g, '\\$&')}"`
}

/** A name as one word of a command: whoever names a connector must not write the line that somebody else pastes. */
export function shellWord(name: string | undefined): string {
  const word = String(name)
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** One after the other, as far as they go well; what is not known is left out. */
export function inTurn(...commands: readonly (string | undefined)[]): string {
  return commands.filter(command => command !== undefined).join(' && ')
}

/** A line that was asked for with `--stack` or `-c` must be pasted with it, or it would reach another cluster. */
export function forCluster(command: string, { stackOption, contextOption }: Cluster): string {
  const options = [
    ...(stackOption === undefined || stackOption === 'default' ? [] : [`--stack ${stackOption}`]),
    ...(contextOption === undefined ? [] : [`-c ${contextOption}`]),
  ].join(' ')
  if (options === '') return command
  return command.replace(/npx trib (?!config\b)([a-z]+)(?! --stack\b)/g, `npx trib $1 ${options}`)
}

/** An identifier as SQL wants it: `"CommunityUsers"`, but plain `orders`. */
export function sqlName(...parts: readonly string[]): string {
  return parts
    .map(part => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.')
}

/** Starts what does not run in the local stack; elsewhere trib cannot. */
export function bringUp({ kind, statusHint }: Cluster): string {
  return kind === 'local' ? 'npx trib up' : statusHint
}
