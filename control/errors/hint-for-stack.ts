/** `npm run X`, with or without options, and `npx trib X`: each as far as its own options reach. */
const commands = /npm run (?:up|down|status)(?: --(?= )[^;&)]*)?|npx trib [a-z]+[^;&)]*/g

/** Writes the stack's name into the commands of a hint, which are written for the default one. */
export function hintForStack(hint: string, stackName: string | undefined): string {
  if (stackName === undefined || stackName === 'default') return hint
  return hint.replace(commands, command => {
    if (command.includes('--stack')) return command
    const [, head = command, tail = ''] =
      /^(npx trib [a-z]+|npm run [a-z]+ --|npm run [a-z]+)(.*)$/s.exec(command) ?? []
    const isBareNpm = /^npm run [a-z]+$/.test(head)
    return `${head}${isBareNpm ? ' --' : ''} --stack ${stackName}${tail}`
  })
}
