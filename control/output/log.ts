import { visible } from './visible.ts'

/** Lower-case sentence, facts as fields. info: state changed; warn: works, act soon; error: a promise was broken. */
export interface Log {
  debug(message: string, facts?: Record<string, unknown>): void
  info(message: string, facts?: Record<string, unknown>): void
  warn(message: string, facts?: Record<string, unknown>): void
  error(message: string, facts?: Record<string, unknown>): void
}

interface LogOptions {
  /** Where lines go: stderr, so that stdout holds results only. */
  readonly write: (line: string) => void
  /** Prefix each line with the time, for services whose log is a file. (Default: false) */
  readonly hasTime?: boolean
  /** Print debug lines. (Default: false) */
  readonly isDebug?: boolean
  /** Values that are printed as `***` wherever they occur. */
  readonly secrets?: readonly string[]
}

export function createLog({ write, hasTime = false, isDebug = false, secrets = [] }: LogOptions): Log {
  const line = (level: string, message: string, facts: Record<string, unknown> = {}) => {
    const time = hasTime ? `${new Date().toISOString()} ` : ''
    const prefix = level === 'info' ? '' : `${level}: `
    write(visible(maskSecrets(`${time}${prefix}${message}${formatFacts(facts)}\n`, secrets)))
  }
  return {
    debug: (message, facts) => {
      if (isDebug) line('debug', message, facts)
    },
    info: (message, facts) => line('info', message, facts),
    warn: (message, facts) => line('warn', message, facts),
    error: (message, facts) => line('error', message, facts),
  }
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Replaces each secret by `***`; short values are left alone, they would mask ordinary text. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const secret of secrets) if (secret.length >= 8) masked = masked.replaceAll(secret, '***')
  return masked
}

function formatFacts(facts: Record<string, unknown>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}=${typeof value === 'string' && !/[\s"]/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join('')
}
