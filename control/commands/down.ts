import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { createProgress } from '../output/progress.ts'
import { globalOptions, type Shell } from '../shell.ts'
import { removeGeneratedBlock } from '../stack/env-file.ts'
import { findData } from '../stack/find-data.ts'
import { releaseBlocks } from '../stack/port-claims.ts'
import { openSession, type Session } from '../stack/session.ts'
import { defaultStackName, openStack, type Stack } from '../stack/stack.ts'
import { lockStack } from '../stack/stack-lock.ts'
import { readStackState, writeStackState } from '../stack/stack-state.ts'
import { terminal } from './terminal.ts'

export function addDownCommand(program: Command, shell: Shell): void {
  program
    .command('down')
    .description('end every service; data stays')
    .option('-v, --volumes', 'remove data, logs and the generated settings too', false)
    .action(async ({ volumes }: { readonly volumes: boolean }, command: Command) => {
      const { stack: stackName = defaultStackName } = globalOptions(command)
      const stack = openStack(shell.root, stackName)
      const holder = await findData(stack, shell)
      if (!existsSync(stack.envFile) && !existsSync(stack.folder) && holder === undefined) {
        shell.writeErr(`nothing to do: the stack '${stack.name}' was never brought up here\n`)
        return
      }
      using _lock = lockStack(stack, 'down')
      const session = await openSession(shell, {
        stackName,
        isForEnding: true,
        ...(holder ? { engine: holder } : {}),
      })
      const ended = await stopAll(session, shell, volumes)
      if (volumes) removeFiles(stack, shell.env)
      else forgetProfiles(stack)
      shell.writeErr(summary(ended.length, volumes))
    })
}

async function stopAll(
  { engine }: Session,
  shell: Shell,
  isRemovingData: boolean,
): Promise<readonly string[]> {
  using progress = createProgress(terminal(shell))
  return await engine.stop({
    isRemovingData,
    onChange: (service, detail) => progress.step(service, detail === 'stopping' ? 'working' : 'done', detail),
  })
}

/** The next `up` begins with the services that it is told to start. */
function forgetProfiles(stack: Stack): void {
  const state = readStackState(stack)
  if (state && state.profiles.length > 0) writeStackState(stack, { ...state, profiles: [] })
}

function removeFiles(stack: Stack, env: NodeJS.ProcessEnv): void {
  releaseBlocks(stack, env)
  removeGeneratedBlock(stack.envFile)
  rmSync(stack.folder, { recursive: true, force: true })
  const parent = dirname(stack.folder)
  if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent)
}

function summary(endedCount: number, hasRemoved: boolean): string {
  const ended = endedCount === 0 ? 'nothing was running' : `${endedCount} services ended`
  return `${ended}; ${hasRemoved ? 'data, logs and generated settings removed' : 'data kept, npm run up goes on with it'}\n`
}
