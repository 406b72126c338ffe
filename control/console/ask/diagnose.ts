import type { ConnectClient } from '../../connect/connect-api.ts'
import { createConnectClient } from '../../connect/connect-client.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { toRow } from '../../doctor/describe-findings.ts'
import { runDoctor } from '../../doctor/run-doctor.ts'

interface DiagnoseOptions {
  readonly context: OpenContext
  readonly connect: ConnectClient
  readonly signal: AbortSignal
  readonly toPaste: (text: string) => string
}

/** The whole of `trib doctor -o json`, without `--deep`: with the rights of the console's own role. */
export async function diagnose({ context, connect, signal, toPaste }: DiagnoseOptions) {
  const connectors = (await connect.list()).map(one => ({ ...one, isDeployed: true }))
  const access = await context.connect()
  const workers = access.urls.map(url =>
    createConnectClient({ ...access, urls: [url] }, { signal, deadlineMs: 5_000 }),
  )
  const { findings } = await runDoctor({ connectors, all: connectors, context, connect, workers, signal })
  return findings.map(toRow).map(row => ({ ...row, fix: row.fix && toPaste(row.fix) }))
}
