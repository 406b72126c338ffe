import { fixText } from '../../doctor/finding.ts'
import { isPostgresSink, isPostgresSource } from '../../doctor/subjects/examined.ts'
import { TribError } from '../../errors/trib-error.ts'
import { shellWord } from '../../output/shell-words.ts'
import type { Shell } from '../../shell.ts'
import { asExamined } from '../doctor.ts'
import type { ConnectSession } from './open-connect.ts'
import type { PreparedPlan } from './prepare-plan.ts'

interface UnhealthyOptions extends Pick<PreparedPlan, 'declared' | 'live'> {
  /** Those that would be created or configured. */
  readonly names: ReadonlySet<string>
  readonly files: readonly string[]
}

/** What `trib doctor -f` would say of the databases: an error ends the command before anything is changed. */
export async function refuseUnhealthy(
  shell: Shell,
  { context, connect }: Pick<ConnectSession, 'context' | 'connect'>,
  { declared, live, names, files }: UnhealthyOptions,
): Promise<void> {
  const all = [
    ...declared.map(one => asExamined(one, live)),
    ...live
      .filter(one => !declared.some(({ name }) => name === one.name))
      .map(one => ({ ...one, isDeployed: true })),
  ]
  const connectors = all.filter(one => names.has(one.name) && (isPostgresSource(one) || isPostgresSink(one)))
  if (connectors.length === 0) return
  // Loaded here: a plan without changes does not wait for the database driver.
  const { runDoctor } = await import('../../doctor/run-doctor.ts')
  const kinds = ['source', 'sink'] as const
  const { findings } = await runDoctor({ connectors, all, context, connect, kinds, signal: shell.signal })
  const unreached = findings.filter(({ check }) => check === 'reachable')
  if (unreached.length > 0) {
    // The workers may reach what this machine does not: no reason to refuse.
    const what = unreached.map(({ object }) => object).join(', ')
    shell.writeErr(`note: the databases of ${what} were not looked at: ${unreached[0]?.message}\n`)
  }
  const seen = findings.filter(({ check }) => check !== 'reachable')
  for (const { severity, check, object, message, fix } of seen) {
    if (severity !== 'warning') continue
    const text = fixText(fix)
    shell.writeErr(
      `warning: ${object}: ${message} (${check})\n${text === null ? '' : `  → ${text.replaceAll('\n', '\n    ')}\n`}`,
    )
  }
  const errors = seen.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const sentences = errors.map(({ check, object, message }) => `${object}: ${message} (${check})`)
  throw new TribError('CONFIG_INVALID', sentences.join('\n'), {
    hint: `nothing was changed; npx trib doctor${files.map(file => ` -f ${shellWord(file)}`).join('')} shows what mends it, --no-doctor goes on all the same`,
  })
}
