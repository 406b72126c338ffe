import { openDatabase } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type Finding, type Fix, fixText } from './finding.ts'
import type { Diagnosis } from './run-doctor.ts'

type SqlFix = Extract<Fix, { kind: 'sql' }>

/** What `--fix` runs itself, each once; everything else is left to a person. */
export function executableFixes(findings: readonly Finding[]): readonly SqlFix[] {
  const fixes = findings.flatMap(({ fix }) => (fix.kind === 'sql' && fix.byHand === undefined ? [fix] : []))
  return [...new Map(fixes.map(fix => [`${fix.database} ${fixText(fix)}`, fix])).values()]
}

interface ApplyFixesOptions extends Pick<Diagnosis, 'databases'> {
  readonly signal: AbortSignal
  readonly onStatement: (database: string, statement: string) => void
}

/** One statement after the other, as the context's user; a statement that fails ends its fix, and the others go on. */
export async function applyFixes(
  fixes: readonly SqlFix[],
  { databases, signal, onStatement }: ApplyFixesOptions,
): Promise<readonly TribError[]> {
  const failures: TribError[] = []
  for (const { database: name, statements } of fixes) {
    const address = databases.get(name)
    if (!address) continue
    try {
      await using database = await openDatabase({ ...address, applicationName: 'trib doctor', signal })
      for (const statement of statements) {
        await database.query(statement)
        onStatement(name, statement)
      }
    } catch (error) {
      signal.throwIfAborted()
      const hint = error instanceof TribError ? error.hint : undefined
      failures.push(new TribError('DATABASE_FAILED', messageOf(error), { cause: error, hint }))
    }
  }
  return failures
}
