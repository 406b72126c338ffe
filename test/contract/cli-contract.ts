import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { cliApplying } from './cli-applying.ts'
import { cliBadInput } from './cli-bad-input.ts'
import { type CliCluster, createCliContext } from './cli-context.ts'
import { cliExporting } from './cli-exporting.ts'
import { cliHistory } from './cli-history.ts'
import { cliOffsetRefusals } from './cli-offset-refusals.ts'
import { cliOffsets } from './cli-offsets.ts'
import { cliPatching } from './cli-patching.ts'
import { cliPlanning } from './cli-planning.ts'
import { cliReading } from './cli-reading.ts'
import { cliSteering } from './cli-steering.ts'
import { cliWorker } from './cli-worker.ts'

export interface CliContractOptions {
  /** Whether brokers stand behind the cluster. */
  readonly hasKafka: boolean
}

/** What every connector command prints, and how it ends, whatever cluster answers. */
export function cliContract(
  what: string,
  open: () => Promise<CliCluster>,
  { hasKafka }: CliContractOptions,
): void {
  describe(what, () => {
    let opened: CliCluster | undefined
    const context = createCliContext(() => {
      if (!opened) throw new Error('the cluster is not open yet')
      return opened
    })

    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.[Symbol.asyncDispose]())
    beforeEach(() => context.begin())
    afterEach(() => context.end())

    cliReading(context)
    cliWorker(context)
    cliPlanning(context)
    cliApplying(context)
    cliPatching(context)
    cliSteering(context)
    cliOffsets(context, { hasKafka })
    cliOffsetRefusals(context)
    cliExporting(context)
    cliHistory(context)
    cliBadInput(context)
  })
}
