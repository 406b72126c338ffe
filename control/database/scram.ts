import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** As many rounds as Postgres makes by default. */
const defaultRounds = 4_096

/**
 * What Postgres keeps of a password (RFC 5803). Sent instead of the password, so that no statement that a server
 * might log holds it.
 */
export function scramVerifier(
  password: string,
  {
    salt = randomBytes(16),
    rounds = defaultRounds,
  }: { readonly salt?: Buffer; readonly rounds?: number } = {},
): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, rounds, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${storedKey}:${key('Server Key').toString('base64')}`
}

/** Whether a kept verifier was made from this password. */
export function matchesScram(verifier: string | null, password: string): boolean {
  const [, rounds, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier ?? '') ?? []
  if (rounds === undefined || salt === undefined) return false
  return scramVerifier(password, { salt: Buffer.from(salt, 'base64'), rounds: Number(rounds) }) === verifier
}
