import { TribError } from '../errors/trib-error.ts'
import { nearest } from '../topology/nearest.ts'
import { type Context, localContextName } from './context.ts'
import type { ContextFile } from './context-document.ts'

/** Who named it. */
export type ContextOrigin = '-c' | 'TRIB_CONTEXT' | 'stack' | 'current' | 'default'

export type ChosenContext =
  | { readonly kind: 'local'; readonly name: string; readonly origin: ContextOrigin }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly origin: ContextOrigin
      readonly context: Context
    }

export interface ContextOptions {
  /** `-c NAME`. */
  readonly contextName?: string | undefined
  /** `--stack NAME` or `$TRIB_STACK`. */
  readonly stackName?: string | undefined
}

interface ChooseOptions extends ContextOptions {
  /** Called only where the file decides: a broken one is no reason to refuse the local stack. */
  readonly readFile: () => ContextFile
}

interface ChosenName {
  readonly name: string
  readonly origin: ContextOrigin
}

/**
 * The order: what stands on the command line (`-c`, `--stack`, not both), `$TRIB_CONTEXT`, `$TRIB_STACK`, the file's
 * `current`, the local stack.
 */
export function chooseName(
  env: NodeJS.ProcessEnv,
  { contextName, stackName = env['TRIB_STACK'] || undefined, readFile }: ChooseOptions,
): ChosenName {
  // An option that was not given has the variable's value.
  const isStackGiven = stackName !== undefined && stackName !== env['TRIB_STACK']
  if (contextName !== undefined && isStackGiven && contextName !== localContextName) {
    throw new TribError('USAGE', `-c ${contextName} and --stack ${stackName} name two clusters`, {
      hint: 'leave one of them away; --stack means the local stack of that name',
    })
  }
  if (contextName !== undefined) return { name: contextName, origin: '-c' }
  if (isStackGiven) return { name: localContextName, origin: 'stack' }
  if (env['TRIB_CONTEXT']) return { name: env['TRIB_CONTEXT'], origin: 'TRIB_CONTEXT' }
  if (stackName !== undefined) return { name: localContextName, origin: 'stack' }
  const { current } = readFile()
  if (current !== undefined) return { name: current, origin: 'current' }
  return { name: localContextName, origin: 'default' }
}

export function chooseContext(env: NodeJS.ProcessEnv, options: ChooseOptions): ChosenContext {
  const { name, origin } = chooseName(env, options)
  if (name === localContextName) return { kind: 'local', name, origin }
  return { kind: 'file', name, origin, context: findContext(options.readFile(), name, origin) }
}

/** The context of that name; a wrong name gets the nearest one. */
export function findContext({ contexts }: ContextFile, name: string, origin?: ContextOrigin): Context {
  const context = contexts.get(name)
  if (context) return context
  const meant = nearest(name, [...contexts.keys(), localContextName])
  const by = origin === 'TRIB_CONTEXT' || origin === 'current' ? ` (${origin})` : ''
  throw new TribError(
    'CONTEXT_INVALID',
    `there is no context '${name}'${by}${meant ? `; did you mean '${meant}'?` : ''}`,
    {
      hint:
        origin === 'current'
          ? `npx trib config use-context ${localContextName}`
          : 'npx trib config get-contexts',
    },
  )
}
