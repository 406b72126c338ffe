import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'

export interface UnprivilegedUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Whom Postgres runs as when the caller is root, which it refuses; undefined when the caller is not root. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  return process.getuid?.() === 0 ? chooseUser(readFileSync('/etc/passwd', 'utf8')) : undefined
}

/** The system's own `postgres` user where there is one, so that its files are told apart from other daemons'. */
export function chooseUser(passwd: string): UnprivilegedUser {
  const users = passwd.split('\n').map(line => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = users.find(([name]) => name === wanted) ?? []
    // macOS writes nobody's ids as -2; the kernel means the unsigned number.
    if (name !== undefined) return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  throw new TribError(
    'PLATFORM_UNSUPPORTED',
    'Postgres refuses to run as root, and /etc/passwd has neither the user postgres nor nobody',
    { hint: 'useradd --system postgres' },
  )
}

/** Whether that user can reach and list the folder: search permission on every ancestor, and reading on itself. */
export function canEnter(user: UnprivilegedUser, path: string): boolean {
  try {
    const folder = realpathSync(path)
    return allows(user, folder, 0o5) && ancestorsOf(folder).every(ancestor => allows(user, ancestor, 0o1))
  } catch {
    return false
  }
}

/** As the kernel decides: the first class that fits, owner, group or others, is the only one that counts. */
function allows({ uid, gid }: UnprivilegedUser, path: string, bits: number): boolean {
  const stat = statSync(path)
  const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0
  return stat.isDirectory() && ((stat.mode >> shift) & bits) === bits
}

function ancestorsOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...ancestorsOf(parent)]
}
