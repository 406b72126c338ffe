import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { shellWords } from '../../output/shell-words.ts'
import { runProgram } from '../../system/run-program.ts'
import type { Topology } from '../../topology/topology.ts'
import type { PrepareOptions } from '../engine.ts'

interface JmxAgentOptions extends PrepareOptions {
  readonly root: string
  readonly topology: Topology
  readonly env: NodeJS.ProcessEnv
}

/**
 * Brokers run the official image, which has no agent: it is built beside the Connect image, from the same pinned Maven
 * file, into the folder of the clone that brokers and workers mount. Only where one of them asks for it.
 */
export async function installJmxAgent(options: JmxAgentOptions): Promise<void> {
  const { root, topology, env, signal, onProgress } = options
  const isWanted = topology.services.some(({ environment }) =>
    environment['KAFKA_OPTS']?.includes('-javaagent:'),
  )
  if (!isWanted) return
  onProgress('JMX agent', 'building')
  const file = ['--file', join('connectors', 'Dockerfile')]
  const output = ['--target', 'jmx', '--output', `type=local,dest=${join('analytics', 'observe', 'jmx')}`]
  const { code, stderr } = await runProgram('docker', ['build', '--quiet', ...file, ...output, '.'], {
    ...{ cwd: root, env, signal },
  })
  if (code === 0) return
  const reason = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no reason given'
  throw new TribError(
    'SERVICE_FAILED',
    `the JMX agent of the profile observe could not be built: ${reason}`,
    {
      hint: `docker build ${shellWords([...file, ...output])} .`,
    },
  )
}
