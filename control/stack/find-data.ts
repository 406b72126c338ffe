import { existsSync } from 'node:fs'
import type { EngineKind } from '../engines/engine.ts'
import { locateData } from '../engines/native/ground.ts'
import { unprivilegedUser } from '../engines/native/unprivileged-user.ts'
import type { Shell } from '../shell.ts'
import { runProgram } from '../system/run-program.ts'
import type { Stack } from './stack.ts'
import { readStackState } from './stack-state.ts'

/** Which engine holds data of this stack: as `up` recorded, or found where the record is gone. */
export async function findData(
  stack: Stack,
  { env, signal }: Pick<Shell, 'env' | 'signal'>,
): Promise<EngineKind | undefined> {
  const recorded = readStackState(stack)
  if (recorded) return recorded.engine
  if (existsSync(locateData(stack, unprivilegedUser()))) return 'native'
  const ofProject = ['--quiet', '--filter', `label=com.docker.compose.project=${stack.id}`]
  const { code, stdout } = await runProgram('docker', ['volume', 'ls', ...ofProject], { env, signal })
  return code === 0 && stdout.trim() !== '' ? 'docker' : undefined
}
