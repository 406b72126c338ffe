import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { chooseName, findContext } from '../contexts/choose-context.ts'
import { contextNameSchema, localContextName } from '../contexts/context.ts'
import type { ContextChange } from '../contexts/context-change.ts'
import { changeContextFile, contextFilePath, readContextFile } from '../contexts/context-file.ts'
import { contextRows } from '../contexts/context-rows.ts'
import { contextStateFolder } from '../contexts/file-context.ts'
import { mergeContext } from '../contexts/merge-context.ts'
import { setContextCommand } from '../contexts/set-context-command.ts'
import { TribError } from '../errors/trib-error.ts'
import { globalOptions, printDocument, printRows, type Shell } from '../shell.ts'
import { addContextOptions } from './context-options.ts'

export function addConfigCommand(program: Command, shell: Shell): void {
  const config = program
    .command('config')
    .description('say which Connect clusters there are, and which one commands speak to')
  const change = (edit: Parameters<typeof changeContextFile>[1]) =>
    changeContextFile(contextFilePath(shell.env), edit, { signal: shell.signal })

  addContextOptions(
    config
      .command('set-context <name>')
      .description('add a context, or change the parts of it that are given; an empty value removes a part'),
  ).action(async (name: string, options: ContextChange) => {
    const given = Object.keys(options)
    requireName(name)
    if (given.length === 0) {
      throw new TribError('USAGE', `nothing is said about the context '${name}'`, {
        hint: setContextCommand(name, '--connect', 'https://connect.example.org:8083'),
      })
    }
    const after = await change(({ current, contexts }) => ({
      current: current ?? (contexts.size === 0 ? name : undefined),
      contexts: new Map([...contexts, [name, mergeContext(contexts.get(name), options)]]),
    }))
    const parts = given.map(kebabCase).join(', ')
    const state = after.current === name ? 'it is current' : `use it: -c ${name}`
    shell.writeErr(`context '${name}': ${parts} written to ${contextFilePath(shell.env)}; ${state}\n`)
  })

  config
    .command('use-context <name>')
    .description('make a context the one that commands use; local is the stack of this clone')
    .action(async (name: string) => {
      await change(file => {
        if (name !== localContextName) findContext(file, name)
        return { ...file, current: name }
      })
      shell.writeErr(`context '${name}' is current\n`)
    })

  config
    .command('get-contexts')
    .description('list the contexts, never their secrets')
    .action(async (_options: unknown, command: Command) => {
      const { context: contextName, stack: stackName, output } = globalOptions(command)
      const rows = await contextRows(shell, { contextName, stackName })
      printRows(shell, rows, {
        output,
        columns: ['current', 'name', 'connect', 'auth', 'kafka', 'sources', 'warehouse'],
        toCells: row => ({
          ...Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? '')])),
          current: row['current'] === true ? '*' : '',
        }),
      })
    })

  config
    .command('current-context')
    .description('print the name of the context that commands use')
    .action((_options: unknown, command: Command) => {
      const { context: contextName, stack: stackName, output } = globalOptions(command)
      const readFile = () => readContextFile(contextFilePath(shell.env))
      const { name, origin } = chooseName(shell.env, { contextName, stackName, readFile })
      printDocument(shell, { name, origin }, { output, toText: () => `${name}\n` })
    })

  config
    .command('delete-context <name>')
    .description('forget a context; nothing is changed on its cluster')
    .action(async (name: string) => {
      requireName(name)
      let wasCurrent = false
      await change(file => {
        findContext(file, name)
        wasCurrent = file.current === name
        const contexts = new Map([...file.contexts].filter(([other]) => other !== name))
        return { current: wasCurrent ? undefined : file.current, contexts }
      })
      const now = wasCurrent ? '; it was current, commands now use local' : ''
      const folder = contextStateFolder(shell.env, name)
      const history = existsSync(folder) ? `; its history stays in ${folder}` : ''
      shell.writeErr(`context '${name}' deleted${now}${history}\n`)
    })
}

function requireName(name: string): void {
  const parsed = contextNameSchema.safeParse(name)
  if (!parsed.success) throw new TribError('USAGE', `'${name}' ${parsed.error.issues[0]?.message}`)
}

/** `connectKeyPassphrase` → `connect-key-passphrase` */
function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
