import type { ConnectClient } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { openSinkProgress } from '../../kafka/sink-progress.ts'
import { planVerify } from '../../verify/plan-verify.ts'
import { runVerify } from '../../verify/run-verify.ts'
import type { VerifyReport } from '../../verify/verify-report.ts'
import type { VerifyCall } from './verifier.ts'

/** As long as `trib verify` waits by default for changes on their way to land. */
const deadlineMs = 60_000

interface VerifyParts {
  readonly context: OpenContext
  readonly connect: ConnectClient
}

/** The whole of `trib verify`, without repair. */
export async function verifyOnce(
  { context, connect }: VerifyParts,
  { signal, onProgress }: VerifyCall,
): Promise<VerifyReport> {
  const tasks = await planVerify({ context, connectors: await connect.list(), signal })
  await using progress = openSinkProgress(() => context.kafka())
  return await runVerify({ tasks, connect, progress, signal, onProgress, deadlineMs })
}
