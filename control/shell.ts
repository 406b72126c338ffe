import { createInterface } from 'node:readline/promises'
import type { Command, OptionValues } from 'commander'

import * as z from 'zod'
import { exitCodes } from './errors/error-codes.ts'
import {
  formatDocument,
  formatRows,
  type Output,
  outputs,
  type Row,
  type RowsFormat,
} from './output/format-rows.ts'
import { createLog, type Log } from './output/log.ts'
import { visible } from './output/visible.ts'

/** What every command receives: the world around it, so that tests can be the world. */
export interface Shell {
  readonly root: string
  readonly launcher: string
  /** The files of the web console's page; undefined: there are none, as in tests that run from source. */
  readonly pageFolder?: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Results. What a terminal would act upon is shown, not obeyed: names, rows and traces are other people's texts. */
  writeOut(text: string): void
  /** Everything else, in the same way. */
  writeErr(text: string): void
  /** Our own colours and moves of the cursor; other people's texts between them have gone through `visible`. */
  drawOut(text: string): void
  drawErr(text: string): void
  /** Values never to be printed; grows as env files are read. */
  secrets(): readonly string[]
  addSecrets(values: readonly string[]): void
  log(options: { readonly isDebug: boolean; readonly hasTime?: boolean }): Log
  /** Standard input. */
  stdin(): AsyncIterable<Uint8Array>
  /** What the person at the terminal answered; undefined where nobody is there to be asked. */
  ask(question: string): Promise<string | undefined>
  /** The commands of a text, with the stack and the context that this call has; stderr is written so by itself. */
  toPaste(text: string): string
  /** How the command ends though nothing was thrown: `diff` with 3; the worst code wins. */
  exitWith(code: number): void
  exitCode(): number
}

export function createShell(
  around: Pick<Shell, 'root' | 'launcher' | 'pageFolder' | 'env' | 'signal'>,
): Shell {
  const secrets: string[] = []
  let exitCode = 0
  const drawErr = (text: string) => {
    process.stderr.write(text)
  }
  const drawOut = (text: string) => {
    process.stdout.write(text)
  }
  return {
    ...around,
    ...{ drawOut, drawErr },
    writeOut: text => drawOut(visible(text)),
    writeErr: text => drawErr(visible(text)),
    secrets: () => secrets,
    addSecrets: values => {
      secrets.push(...values)
    },
    log: options => createLog({ ...options, write: drawErr, secrets }),
    stdin: () => process.stdin,
    ask: async question => {
      if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
      const terminal = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await terminal.question(visible(question), { signal: around.signal })
      } finally {
        terminal.close()
      }
    },
    toPaste: text => text,
    exitWith: code => {
      exitCode = worstExit(exitCode, code)
    },
    exitCode: () => exitCode,
  }
}

/** From good to bad: a plan with changes, warnings, what is broken, data that differs, and what could not be done. */
const bySeverity = [
  exitCodes.ok,
  exitCodes.planHasChanges,
  exitCodes.degraded,
  exitCodes.broken,
  exitCodes.dataDiffers,
  exitCodes.failed,
  exitCodes.usage,
  exitCodes.interrupted,
]

export function worstExit(...codes: readonly number[]): number {
  const rank = (code: number) => bySeverity.indexOf(code as (typeof bySeverity)[number])
  return codes.reduce((worst, code) => (rank(code) > rank(worst) ? code : worst), exitCodes.ok)
}

const globalsSchema = z.object({
  stack: z.string().optional(),
  /** Which Connect cluster, by the name of its context. */
  context: z.string().optional(),
  output: z.enum(outputs).default('table'),
  debug: z.boolean().default(false),
})

export type GlobalOptions = Readonly<z.infer<typeof globalsSchema>>

const targetSchema = globalsSchema.omit({ output: true })

export function globalOptions(command: Command): GlobalOptions {
  return globalsSchema.parse(givenOptions(command, Object.keys(globalsSchema.shape)))
}

/** Which stack or cluster: for those that do not care how results are printed, or have formats of their own. */
export function targetOptions(command: Command): Omit<GlobalOptions, 'output'> {
  return targetSchema.parse(givenOptions(command, Object.keys(targetSchema.shape)))
}

/** An option given before or after the command's name; what stands further in counts. */
export function givenOption(command: Command, name: string): unknown {
  // Not optsWithGlobals(): there the outermost counts, whose defaults would hide what was given further in.
  const levels: OptionValues[] = []
  for (let level: Command | null = command; level; level = level.parent) levels.push(level.opts())
  return levels.find(options => options[name] !== undefined)?.[name]
}

function givenOptions(command: Command, names: readonly string[]) {
  return Object.fromEntries(names.map(name => [name, givenOption(command, name)]))
}

interface PrintRowsOptions extends RowsFormat {
  readonly output: Output
}

export function printRows(shell: Shell, rows: readonly Row[], { output, ...format }: PrintRowsOptions): void {
  shell.writeOut(formatRows(rows, output, format))
}

/** One thing with parts: a document for machines, and whatever reads best for people. */
export function printDocument(
  shell: Shell,
  document: Row,
  { output, toText }: { readonly output: Output; readonly toText: () => string },
): void {
  shell.writeOut(formatDocument(document, output) ?? toText())
}
