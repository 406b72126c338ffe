import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { buildProgram } from '../../../control/cli.ts'
import { createShell } from '../../../control/shell.ts'
import { root } from '../../support/trib.ts'

const shell = createShell({ root, launcher: '', env: {}, signal: new AbortController().signal })
const program = buildProgram(shell)

/** Every command that a README or page tells a reader to run, and every one that a hint tells a user to paste. */
function saidCommands(): readonly string[] {
  const folders = ['.', 'analytics', 'connectors', 'control', 'generators', 'sql', 'test']
  const readmes = folders.map(folder => join(root, folder, 'README.md'))
  const sources = readdirSync(join(root, 'control'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join(root, 'control', file))
  const pages = [join(root, 'control', 'BIGGER-HOME.md')]
  return [...readmes, ...pages, ...sources].flatMap(path => {
    const text = readFileSync(path, 'utf8')
      // Names and then options, as a line to paste has them.
      .replace(/\$\{named\([^`}]*?, '([^']*)'\)\}/g, ' VALUE $1')
      .replace(/\$\{[^}]*\}/g, ' VALUE ')
      .replaceAll('\\n', '\n')
    return [...text.matchAll(/npx trib ([a-z][^\n`'";,()|&[\]]*)/g)].flatMap(([, words = '']) =>
      // Not what looks for commands.
      words.includes('\\') ? [] : [words.trim()],
    )
  })
}

/** What is wrong with a command line, as far as its words and options go. */
function problemOf(line: string): string | undefined {
  let command: Command = program
  for (const word of line.split(/\s+/)) {
    // What a template fills in, or a reader.
    if (/^[A-Z…]/.test(word) || word === '') continue
    if (word.startsWith('-')) {
      const name = word.split('=')[0] ?? ''
      const known = [...chain(command), ...defaultsOf(command)]
        .flatMap(one => one.options)
        .some(one => one.long === name || one.short === name)
      if (!known && name !== '--help' && name !== '--') return `no option ${name} in: trib ${line}`
      continue
    }
    const next = command.commands.find(one => one.name() === word || one.aliases().includes(word))
    if (next) command = next
    else if (command === program) return `no command ${word} in: trib ${line}`
  }
  return undefined
}

/** `patch NAME` is short for `patch connector NAME`: what it is short for is called by both words. */
function defaultsOf(command: Command): readonly Command[] {
  return command.commands.filter(one => one.aliases().some(alias => /^connectors?$/.test(alias)))
}

function chain(command: Command): readonly Command[] {
  return command.parent ? [command, ...chain(command.parent)] : [command]
}

it('every command that a README or a hint says exists, with its options', () => {
  const said = saidCommands()

  expect(said.length).toBeGreaterThan(60)
  expect(said.flatMap(line => problemOf(line) ?? [])).toEqual([])
})
