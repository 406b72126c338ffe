import { assertNever } from '../errors/assert-never.ts'
import { named, shellWord } from '../output/shell-words.ts'

/** warning: it works, act soon. error: it fails, or loses or spoils rows. */
export type Severity = 'error' | 'warning'

/** What mends a finding. */
export type Fix =
  | {
      readonly kind: 'sql'
      /** As the context calls it. */
      readonly database: string
      readonly statements: readonly string[]
      /** Why `--fix` prints it and leaves it to a person: it needs a restart, rewrites a table, ends somebody's work. */
      readonly byHand?: string
    }
  | { readonly kind: 'command'; readonly command: string }
  /** Keys of the connector's config. */
  | {
      readonly kind: 'config'
      readonly connector: string
      /** Where not, its file is to be edited. */
      readonly isDeployed: boolean
      readonly settings: readonly (readonly [key: string, value: string])[]
    }
  | { readonly kind: 'none'; readonly reason: string }

/** What a check says; its id is added by who runs it. */
export interface Observation {
  /** `community-source`, `community-source public.orders`, `slot old_slot`. */
  readonly object: string
  readonly severity: Severity
  /** One sentence without its full stop. */
  readonly message: string
  readonly fix: Fix
}

export interface Finding extends Observation {
  readonly check: string
}

/** The fix as it is pasted; null where there is nothing to paste. */
export function fixText(fix: Fix): string | null {
  switch (fix.kind) {
    case 'sql':
      return fix.statements.map(statement => `${statement};`).join('\n')
    case 'command':
      return fix.command
    case 'config':
      return fix.isDeployed
        ? `npx trib patch ${named(fix.connector, fix.settings.map(setting => `--set ${shellWord(setting.join('='))}`).join(' '))}`
        : fix.settings.map(pair => pair.map(text => JSON.stringify(text)).join(': ')).join(',\n')
    case 'none':
      return null
    default:
      return assertNever(fix)
  }
}
