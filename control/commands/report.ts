import { Argument, type Command, InvalidArgumentError } from 'commander'
import { type OpenContext, openContext } from '../contexts/open-context.ts'
import { formatCsv } from '../output/csv.ts'
import { type allOutputs, formatDocument } from '../output/format-rows.ts'
import { byName, joinByWeek } from '../report/answer-rows.ts'
import { describeAnswer, weeksInLine } from '../report/describe-answer.ts'
import type { Answer } from '../report/read-answers.ts'
import { moodle } from '../scenarios/moodle.ts'
import { givenOption, type Shell, targetOptions } from '../shell.ts'
import { paper } from './terminal.ts'

type Format = (typeof allOutputs)[number]

interface ReportOptions {
  readonly weeks: number | 'all'
}

export function addReportCommand(program: Command, shell: Shell): void {
  program
    .command('report')
    .description('the questions of the warehouse, answered week by week')
    .addArgument(
      new Argument('[question]', 'one of them (Default: all)').choices(
        moodle.questions.map(({ name }) => name),
      ),
    )
    .option('--weeks <number>', "how many weeks, counted back from this one; or 'all'", toWeeks, 12)
    .addHelpText('after', '\n-o csv prints one row for each week, with the columns of every question.')
    .action(async (name: string | undefined, { weeks }: ReportOptions, command: Command) => {
      const { context: contextName, stack: stackName } = targetOptions(command)
      const context = await openContext(shell, { contextName, stackName })
      // Loaded here: `--help` and the other commands do not wait for it.
      const { readAnswers } = await import('../report/read-answers.ts')
      const questions = moodle.questions.filter(question => name === undefined || question.name === name)
      const answers = await readAnswers(await context.warehouse(), questions, {
        weeks: weeks === 'all' ? undefined : weeks,
        applicationName: 'trib report',
        viewsHint: viewsHint(context),
        signal: shell.signal,
      })
      const format = givenOption(command, 'output') as Format
      // Weeks, numbers and the bars of them, in colour.
      shell.drawOut(formatAnswers(shell, answers, format))
      tell(shell, answers, { weeks, format })
    })
}

function formatAnswers(shell: Shell, answers: readonly Answer[], format: Format): string {
  if (format === 'csv') {
    const columns = answers.flatMap(({ question }) => [question.counted, question.total])
    return formatCsv(joinByWeek(answers), ['week', ...columns])
  }
  if (format === 'name') return answers.map(({ question }) => `${question.name}\n`).join('')
  const document = formatDocument({ answers: byName(answers) }, format)
  if (document !== undefined) return document
  const filled = answers.filter(({ weeks }) => weeks.length > 0)
  const options = { ...paper(shell), isEveryWeek: format === 'wide' }
  return filled.map(answer => describeAnswer(answer, options)).join('\n')
}

interface Asked {
  readonly weeks: number | 'all'
  readonly format: Format
}

/** What the answers do not show by themselves. */
function tell(shell: Shell, answers: readonly Answer[], { weeks: asked, format }: Asked): void {
  const { weeks = [] } = answers[0] ?? {}
  const [first] = weeks
  if (!first) {
    shell.writeErr('no rows yet: the landing tables of the warehouse are empty\n  → npx trib health\n')
    return
  }
  if (asked !== 'all' && weeks.length < asked)
    shell.writeErr(`\n${weeks.length} weeks is all there is: the earliest row is of the week ${first.week}\n`)
  const inLine = weeksInLine(weeks.length)
  if (format === 'table' && inLine > 1)
    shell.writeErr(`\neach line stands for ${inLine} weeks; -o wide has a line for each, -o csv too\n`)
}

function viewsHint({ kind }: OpenContext): string {
  return kind === 'local'
    ? 'npm run up creates it'
    : `run the files of sql/${moodle.name}/warehouse in that database; npm run up does it in a local stack`
}

/** A century is more than any warehouse has; beyond it a number is a slip. */
const mostWeeks = 5_200

function toWeeks(text: string): number | 'all' {
  if (text === 'all') return 'all'
  const weeks = Number(text)
  if (/^\d+$/.test(text) && weeks >= 1 && weeks <= mostWeeks) return weeks
  throw new InvalidArgumentError(`a whole number from 1 to ${mostWeeks}, or 'all'`)
}
