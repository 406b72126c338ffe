import { Argument, type Command } from 'commander'
import { allOutputs, outputs } from '../output/format-rows.ts'
import type { Shell } from '../shell.ts'
import { openConnectOf } from './connectors/open-connect.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** A script for the user's shell, which asks `trib complete` for what fits: commands, options, live names. */
export function addCompletionCommand(program: Command, shell: Shell): void {
  program
    .command('completion')
    .description('completion for your shell, with the names of live connectors')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      '\n  bash: source <(trib completion bash)\n  zsh:  source <(trib completion zsh)\n  fish: trib completion fish | source',
    )
    .action((name: (typeof shells)[number]) => shell.writeOut(scripts[name]))

  program
    .command('complete [words...]', { hidden: true })
    .allowUnknownOption()
    .helpOption(false)
    .action(async (_words: string[], _options: unknown, command: Command) => {
      // The words as they were typed: options of the completed command are not ours.
      const words = command.args
      const candidates = await findCandidates(shell, program, words)
      const last = words.at(-1) ?? ''
      for (const candidate of candidates) if (candidate.startsWith(last)) shell.writeOut(`${candidate}\n`)
    })
}

async function findCandidates(
  shell: Shell,
  program: Command,
  words: readonly string[],
): Promise<readonly string[]> {
  const before = words.slice(0, -1)
  const last = words.at(-1) ?? ''
  const command = descend(program, before)
  const previous = before.at(-1) ?? ''
  if (['-o', '--output'].includes(previous)) return command.name() === 'report' ? allOutputs : outputs
  const option = optionsOf(command).find(one => one.short === previous || one.long === previous)
  if (option?.argChoices) return option.argChoices
  // The shell completes the names of files by itself.
  if (option?.required) return []
  if (last.startsWith('-'))
    return optionsOf(command).flatMap(({ long, hidden }) => (long && !hidden ? [long] : []))
  const commands = command.commands.filter(one => !isHidden(one)).map(one => one.name())
  return takesNames(command) ? [...commands, ...(await liveNames(shell, before))] : commands
}

function isHidden(command: Command): boolean {
  return command.name() === 'complete'
}

function descend(program: Command, words: readonly string[]): Command {
  let command = program
  for (const word of words) {
    const next = command.commands.find(one => one.name() === word || one.aliases().includes(word))
    if (next) command = next
  }
  return command
}

function optionsOf(command: Command) {
  return command.parent ? [...command.options, ...command.parent.options] : command.options
}

/** `describe NAME` is short for `describe connector NAME`. */
function takesNames(command: Command): boolean {
  const named = (one: Command) => one.registeredArguments.some(argument => /^names?$/.test(argument.name()))
  const byDefault = command.commands.find(one => one.name() === 'connector' || one.name() === 'connectors')
  return (
    named(command) || (['describe', 'patch', 'delete'].includes(command.name()) && byDefault !== undefined)
  )
}

/** Nobody wants an error where they pressed Tab. */
async function liveNames(shell: Shell, before: readonly string[]): Promise<readonly string[]> {
  try {
    const after = (...names: string[]) => before[before.findLastIndex(word => names.includes(word)) + 1]
    const given = (...names: string[]) =>
      before.some(word => names.includes(word)) ? after(...names) : undefined
    const { connect } = await openConnectOf(shell, {
      contextName: given('-c', '--context'),
      stackName: given('--stack') ?? shell.env['TRIB_STACK'],
    })
    // One that begins with a dash would be an option of the line that is completed.
    return (await connect.list()).map(({ name }) => name).filter(name => !name.startsWith('-'))
  } catch {
    return []
  }
}

const scripts = {
  bash: `# trib completion for bash: source <(trib completion bash)
_trib() {
  local name
  COMPREPLY=()
  # Quoted: whoever names a connector must not write the rest of the line.
  while IFS= read -r name; do
    COMPREPLY+=("$(printf %q "$name")")
  done < <(trib complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _trib trib
`,
  zsh: `# trib completion for zsh: source <(trib completion zsh)
_trib() {
  local -a candidates
  candidates=("\${(@f)$(trib complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _trib trib
`,
  fish: `# trib completion for fish: trib completion fish | source
complete -c trib -a '(trib complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
} as const
