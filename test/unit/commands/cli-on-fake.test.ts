import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { type CliCluster, unreachable } from '../../contract/cli-context.ts'
import { cliContract } from '../../contract/cli-contract.ts'
import { committedNames, newTopic, sinkOf } from '../../contract/cli-sink.ts'
import { type FakeConnect, type SeenRequest, startFakeConnect } from '../../support/fake-connect.ts'
import { root } from '../../support/trib.ts'

cliContract('the commands on a fake Connect', openCluster, { hasKafka: false })

async function openCluster(): Promise<CliCluster> {
  const fake = await startFakeConnect({ lagMs: 1 })
  failWhereUnreachable(fake)
  const connect = createConnectClient({ urls: [fake.url] })
  for (const name of committedNames) {
    const text = readFileSync(join(root, 'connectors', 'moodle', `${name}.json`), 'utf8')
    await connect.putConfig(name, JSON.parse(text))
  }
  const topic = newTopic()
  return {
    ...{ connectUrl: fake.url, topic, sink: sinkOf(topic) },
    changes: () => fake.requests.filter(isChange).length,
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
}

const isChange = ({ template }: SeenRequest) => !/^GET |\/validate$/.test(template)

/** As the real sink says it, in short. */
const trace = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask
Caused by: org.hibernate.HibernateException: Unable to determine Dialect without JDBC metadata (please set 'jakarta.persistence.jdbc.url' for common cases or 'hibernate.dialect' when a custom Dialect implementation must be provided)`

/** After a restart a task seems well for a moment. */
const graceMs = 250

function failWhereUnreachable(fake: FakeConnect): void {
  const restartedAt = new Map<string, number>()
  fake.onRequest(({ template, path, body }) => {
    const text = JSON.stringify(body ?? '')
    const name = nameIn(path) ?? /"name":"([^"]+)"/.exec(text)?.[1]
    if (name === undefined) return
    if (text.includes(unreachable['connection.url']) && !template.includes('validate'))
      restartedAt.set(name, -Infinity)
    if (restartedAt.has(name) && template.endsWith('/restart')) restartedAt.set(name, performance.now())
    if (template.startsWith('DELETE')) restartedAt.delete(name)
  })
  fake.onRequest(({ template }) => {
    if (!template.startsWith('GET')) return
    for (const [name, at] of restartedAt) {
      if (performance.now() - at > graceMs)
        fake.edit(name, ({ tasks }) => {
          for (const task of tasks)
            if (task.state === 'RUNNING') Object.assign(task, { state: 'FAILED', trace })
        })
    }
  })
}

function nameIn(path: string): string | undefined {
  return /^\/connectors\/([^/?]+)/.exec(path)?.[1]
}
