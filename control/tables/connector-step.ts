import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { untilSettled } from '../plan/until-settled.ts'
import type { Step } from './carry-out.ts'
import { patchAtRest } from './patch-at-rest.ts'

interface StepOptions {
  readonly connector: Connector
  readonly patch: Readonly<Record<string, string>>
  /** As it is told when it is done. */
  readonly text: string
  readonly connect: ConnectClient
  /** Not ended by ^C: what was begun is taken back. */
  readonly afterwards: ConnectClient
  readonly signal: AbortSignal
}

/** Changes keys of a connector, and waits until it is at work with them; taken back, until it is as it was. */
export function connectorStep({ connector, patch, text, ...options }: StepOptions): Step {
  const { name, config } = connector
  const { connect, afterwards, signal } = options
  const before = Object.fromEntries(Object.keys(patch).map(key => [key, config[key] ?? null]))
  const untouched = new AbortController().signal
  return {
    text,
    run: async () => {
      await patchAtRest(connector, patch, { connect, afterwards })
      await settled(name, { connect, signal })
    },
    undo: {
      text: `${name} is as it was`,
      isOfHalf: true,
      run: async () => {
        await patchAtRest(connector, before, { connect: afterwards, afterwards })
        await settled(name, { connect: afterwards, signal: untouched })
      },
    },
  }
}

async function settled(name: string, options: Pick<StepOptions, 'connect' | 'signal'>): Promise<void> {
  const wanted = new Map([[name, undefined]])
  const [failure] = await untilSettled({ ...options, wanted, deadlineMs: 60_000, onProgress: () => {} })
  if (failure) throw failure
}
