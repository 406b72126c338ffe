import type { ConnectClient, ConnectorConfig } from '../../../control/connect/connect-api.ts'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { type Transcript, transcriptOf } from '../../contract/transcript.ts'
import { type FakeConnect, type SeenRequest, startFakeConnect } from '../../support/fake-connect.ts'
import { openTerminal, type RunOptions, type Terminal } from '../../support/run-trib.ts'

export interface FakeWorld extends AsyncDisposable {
  readonly fake: FakeConnect
  readonly terminal: Terminal
  /** Somebody else. */
  readonly other: ConnectClient
  file(name: string, change?: ConnectorConfig): string
  trib(args: string, options?: RunOptions): Promise<Transcript>
  /** Does it once, before the first request of that template is carried out. */
  atFirst(template: string, act: (request: SeenRequest) => Promise<void> | void): void
}

export const config: ConnectorConfig = {
  'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
  'tasks.max': '1',
  topics: 'orders',
  'connection.url': 'jdbc:postgresql://127.0.0.1:5432/warehouse',
}

interface FakeWorldOptions {
  readonly fake: FakeConnect
  /** How the terminal reaches it. */
  readonly url: string
}

/** A fake Connect and somebody at a terminal. */
export async function openFakeWorld(options?: FakeWorldOptions): Promise<FakeWorld> {
  const fake = options?.fake ?? (await startFakeConnect({ lagMs: 1 }))
  const url = options?.url ?? fake.url
  const terminal = openTerminal({ connectUrl: url })
  const clean = (text: string) =>
    text.replaceAll(url, 'http://connect:8083').replaceAll(terminal.folder, '/home')
  return {
    ...{ fake, terminal },
    other: createConnectClient({ urls: [fake.url] }),
    file: (name, change = {}) =>
      terminal.write(`${name}.json`, JSON.stringify({ name, ...config, ...change })),
    trib: async (args, options) => transcriptOf(await terminal.run(args.split(' '), options), clean),
    atFirst: (template, act) => {
      const forget = fake.onRequest(async request => {
        if (request.template !== template) return
        forget()
        await act(request)
      })
    },
    [Symbol.asyncDispose]: async () => {
      terminal[Symbol.dispose]()
      await fake[Symbol.asyncDispose]()
    },
  }
}
