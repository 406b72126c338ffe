import { onTestFinished } from 'vitest'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { openTerminal, type Terminal } from '../../support/run-trib.ts'
import { makeTemplates } from './make-templates.ts'
import { type DoctorWorld, openWorld } from './world.ts'

/** A server from which worlds are made. */
export async function startWorlds(): Promise<TestPostgres> {
  const postgres = await startPostgres()
  await makeTemplates(postgres)
  return postgres
}

export interface DeployedWorld {
  readonly world: DoctorWorld
  readonly run: Terminal['run']
}

/** Its connectors run on the fake Connect, and a terminal speaks to it; both end with the test. */
export async function openDeployedWorld(postgres: TestPostgres): Promise<DeployedWorld> {
  const world = await openWorld(postgres)
  const connect = createConnectClient({ urls: [world.fake.url] })
  for (const [name, config] of Object.entries(world.configs)) await connect.create(name, config)
  const terminal = openTerminal({ connectUrl: world.fake.url, databases: await world.addresses() })
  onTestFinished(async () => {
    terminal[Symbol.dispose]()
    await world[Symbol.asyncDispose]()
  })
  return { world, run: terminal.run }
}
