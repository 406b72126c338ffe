import { errorCodes } from './error-codes.ts'

/** The text of `control/ERRORS.md`: the table that users search when a command ends with a code. */
export function errorPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { exit, meaning, remedy }]) => `| \`${code}\` | ${exit} | ${meaning} | ${remedy} |`,
  )
  return [
    '# What an error means',
    '',
    'Written by a test from `control/errors/error-codes.ts`. A command that fails prints `CODE: sentence` and, on the',
    'next line, what helps. `--debug` adds the stack.',
    '',
    '| code | exit | meaning | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
