import { shellWord } from '../output/shell-words.ts'

/** What the command line named: pasted without it, a command would reach another cluster. */
export interface Target {
  readonly stack?: string | undefined
  readonly context?: string | undefined
}

/** `npm run X`, with or without options, and `npx trib X`: each as far as its own words reach, those in quotes whole. */
const commands =
  /npm run (?:up|down|status)(?: --(?= )[^;&)\n]*)?|npx trib [a-z]+(?:\\.|'[^'\n]*'|"(?:\\.|[^"\\\n])*"|[^;&)\n'"\\])*/g
/** A name may look like an option. */
const inQuotes = /\\.|'[^']*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)/g

/** These speak to a stack of this machine, whatever the context, or to none. */
const withoutContext =
  /^(npm run|npx trib (up|down|status|logs|sql|credentials|generate|provision|config|completion)\b)/

/** Writes stack and context into the commands of a text, which are written for the default ones. */
export function hintForTarget(text: string, { stack, context }: Target): string {
  const isOtherStack = stack !== undefined && stack !== 'default'
  if (!isOtherStack && context === undefined) return text
  return text.replace(commands, command => {
    if (/ (--stack|-c|--context) /.test(command.replace(inQuotes, ''))) return command
    const [, head = command, tail = ''] =
      /^(npx trib [a-z]+|npm run [a-z]+ --|npm run [a-z]+)(.*)$/s.exec(command) ?? []
    const isBareNpm = /^npm run [a-z]+$/.test(head)
    const options = [
      ...(context !== undefined && !withoutContext.test(command) ? [`-c ${shellWord(context)}`] : []),
      ...(isOtherStack && !/^npx trib config\b/.test(command) ? [`--stack ${shellWord(stack)}`] : []),
    ]
    return options.length === 0 ? command : `${head}${isBareNpm ? ' --' : ''} ${options.join(' ')}${tail}`
  })
}
