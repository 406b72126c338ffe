import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../errors/trib-error.ts'
import { isPortFree } from '../system/ports.ts'
import { ensureEnvFile, readEnvFile } from './env-file.ts'
import { claimBlock } from './port-claims.ts'
import { boundToData, defaultPortBase, generatedNames, generateSettings, portBlockSize } from './settings.ts'
import { defaultStackName, type Stack } from './stack.ts'

interface EnsureOptions {
  readonly hasData: boolean
  readonly env: NodeJS.ProcessEnv
}

/** Writes the stack's settings that are not there yet: ports of its own, passwords at random. */
export async function ensureStack(stack: Stack, { hasData, env }: EnsureOptions): Promise<void> {
  const known = readEnvFile(stack.envFile)
  if (hasData && boundToData.some(name => !Object.hasOwn(known, name))) throw settingsLost(stack)
  const isComplete = generatedNames.every(name => Object.hasOwn(known, name))
  const settings = isComplete
    ? {}
    : generateSettings({
        portBase: stack.name === defaultStackName ? defaultPortBase : await findPortBlock(stack, env),
        project: stack.id,
        stackName: stack.name,
      })
  ensureEnvFile({ path: stack.envFile, settings })
}

/** The first block that no other stack was given and in which nothing listens now. */
async function findPortBlock(stack: Stack, env: NodeJS.ProcessEnv): Promise<number> {
  const taken = portsOfOtherStacks(stack)
  for (let base = defaultPortBase + portBlockSize; base < 32_000; base += portBlockSize) {
    const ports = Object.entries(generateSettings({ portBase: base, project: stack.id }))
      .filter(([name]) => name.endsWith('_PORT'))
      .map(([, value]) => Number(value))
    if (ports.some(port => taken.has(port))) continue
    const areFree = await Promise.all(ports.map(port => isPortFree(port)))
    if (areFree.every(Boolean) && claimBlock(base, stack, env)) return base
  }
  throw new TribError(
    'PORT_IN_USE',
    'no block of 100 free ports between 27200 and 32000 was found for a further stack',
    {
      hint: 'end a stack that is not needed: npm run down -- --stack NAME --volumes',
    },
  )
}

function portsOfOtherStacks(stack: Stack): ReadonlySet<number> {
  const folder = join(stack.root, '.tributary')
  const others = readdirSync(folder).filter(name => name !== stack.name)
  const files = [join(stack.root, '.env'), ...others.map(name => join(folder, name, '.env'))]
  const values = files.flatMap(file => Object.entries(readIfPossible(file)))
  return new Set(values.filter(([name]) => name.endsWith('_PORT')).map(([, port]) => Number(port)))
}

/** A line in another stack's file that cannot be read is that stack's trouble. */
function readIfPossible(file: string): Readonly<Record<string, string>> {
  try {
    return readEnvFile(file)
  } catch {
    return {}
  }
}

/** New passwords would fit nothing: databases and Kafka keep what they were made with. */
export function settingsLost(stack: Stack): TribError {
  return new TribError(
    'SETTINGS_LOST',
    `the stack '${stack.name}' has data, but the passwords it was made with are gone: ${stack.envFile} does not hold them`,
    {
      hint: 'put that file back; or begin anew, without the data: npm run down -- --volumes && npm run up',
    },
  )
}
