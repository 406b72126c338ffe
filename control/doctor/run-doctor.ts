import type { ConnectClient } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import type { DatabaseAddress } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { allChecks, reachable } from './all-checks.ts'
import type { CheckKind } from './check.ts'
import type { Finding, Fix, Observation } from './finding.ts'
import { openSubjects, type Unreached } from './open-subjects.ts'
import type { Examined } from './subjects/examined.ts'

export type DoctorContext = Pick<
  OpenContext,
  'name' | 'kind' | 'sources' | 'source' | 'warehouse' | 'kafka' | 'workerVariables' | 'statusHint'
>

export interface DoctorOptions {
  /** Those to look at. */
  readonly connectors: readonly Examined[]
  /** Every connector that is known, those to look at among them. */
  readonly all: readonly Examined[]
  readonly context: DoctorContext
  /** undefined: Connect does not answer; what only it knows is left out. */
  readonly connect: ConnectClient | undefined
  /** One client for each worker. (Default: none is asked) */
  readonly workers?: readonly ConnectClient[]
  /** (Default: all) */
  readonly kinds?: readonly CheckKind[]
  /** Reads values, too. (Default: false) */
  readonly isDeep?: boolean
  /** A transaction that is open for longer pins a slot. (Default: 300 s) */
  readonly patienceSeconds?: number
  readonly signal?: AbortSignal | undefined
}

export interface Diagnosis {
  readonly findings: readonly Finding[]
  /** How many checks were run, and on how many connectors. */
  readonly checks: number
  readonly objects: number
  /** Where the statements of a fix go, by the name that the fix gives. */
  readonly databases: ReadonlyMap<string, DatabaseAddress>
}

/** Looks at everything that Connect's own validation cannot see. One check that fails keeps no other from its turn. */
export async function runDoctor(options: DoctorOptions): Promise<Diagnosis> {
  const { connectors, context, kinds, signal } = options
  const isWanted = (kind: CheckKind) => kinds === undefined || kinds.includes(kind)
  await using opened = await openSubjects(options, isWanted)
  const groups = await Promise.all(
    opened.subjects.map(async ({ kind, name, subject }) => {
      const findings: Finding[] = []
      for (const check of allChecks) {
        if (check.appliesTo !== kind || check === reachable) continue
        signal?.throwIfAborted()
        try {
          // The subject is of the check's kind: `openSubjects` pairs them.
          const run = check.run as (of: typeof subject) => Promise<readonly Observation[]>
          findings.push(...(await run(subject)).map(observation => ({ check: check.id, ...observation })))
        } catch (error) {
          signal?.throwIfAborted()
          const isLost = error instanceof TribError && error.isRetriable
          findings.push(isLost ? unreached({ name, error }, context.kind) : notRun(check.id, name, error))
          if (isLost) break
        }
      }
      return findings
    }),
  )
  // What is no connector, -1, comes last.
  const place = ({ name }: Unreached) => connectors.findIndex(one => one.name === name) >>> 0
  const inOrder = opened.unreached.toSorted((a, b) => place(a) - place(b))
  const findings = distinct([...inOrder.map(one => unreached(one, context.kind)), ...groups.flat()])
  return {
    findings,
    checks: allChecks.filter(({ appliesTo }) => isWanted(appliesTo)).length,
    objects: connectors.length,
    databases: opened.databases,
  }
}

function notRun(check: string, object: string, error: unknown): Finding {
  const fix: Fix = { kind: 'none', reason: 'it needs a user that may look there; the context names the user' }
  return {
    check,
    object,
    severity: 'warning',
    message: `it could not be looked at: ${messageOf(error)}`,
    fix,
  }
}

function unreached({ name, error }: Unreached, contextKind: DoctorContext['kind']): Finding {
  const isIncomplete = error instanceof TribError && error.code === 'CONTEXT_INCOMPLETE'
  return {
    check: reachable.id,
    object: name,
    // What this machine was never told is no fault of the pipeline.
    severity: isIncomplete ? 'warning' : 'error',
    message: messageOf(error),
    fix: { kind: 'command', command: commandFor(error, contextKind) },
  }
}

/** What runs here can be started from here. */
function commandFor(error: unknown, contextKind: DoctorContext['kind']): string {
  const isIncomplete = error instanceof TribError && error.code === 'CONTEXT_INCOMPLETE'
  const hint = error instanceof TribError ? error.hint : undefined
  if (contextKind === 'local' && !isIncomplete) return 'npx trib up'
  return hint?.startsWith('npx ') ? hint : 'npx trib status'
}

/** Two connectors of one database say the same of it. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ check, object, message }: Finding) => JSON.stringify([check, object, message])
  return [...new Map(findings.map(finding => [keyOf(finding), finding])).values()]
}
