import type { Declared } from '../../declared/read-declared.ts'
import { TribError } from '../../errors/trib-error.ts'
import { shellWord } from '../../output/shell-words.ts'
import type { FileOptions } from './prepare-plan.ts'

type Connectors = Pick<Declared, 'connectors'>

/** Files may declare topics alone; a command that looks at connectors only would look at nothing, and say that all is well. */
export function requireConnectors(
  { connectors }: Connectors,
  { command, file }: { readonly command: string; readonly file: readonly string[] },
): void {
  if (connectors.length > 0) return
  throw new TribError(
    'USAGE',
    `${file.join(', ')}: no connector is declared there, and ${command} does not look at topics`,
    { hint: `npx trib diff ${filesOf(file)} compares them with those that are there` },
  )
}

/** What is not declared goes: with no connector at all, everything would. */
export function refuseToPruneAll(
  { connectors }: Connectors,
  { file, name, prune, command }: FileOptions & { readonly prune: boolean; readonly command: string },
): void {
  if (!prune || connectors.length > 0) return
  const again = `npx trib ${command} ${filesOf(file)}${name === undefined ? '' : ` -n ${shellWord(name)}`}`
  throw new TribError(
    'USAGE',
    'the files declare no connector, and --prune would delete every one that was applied from here',
    { hint: `name the files of the connectors, too, or leave --prune away: ${again}` },
  )
}

const filesOf = (file: readonly string[]): string => file.map(path => `-f ${shellWord(path)}`).join(' ')
