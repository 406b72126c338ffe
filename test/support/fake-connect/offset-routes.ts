import * as z from 'zod'
import { type Answer, type Call, type Routes, refuse } from './answers.ts'
import { typeOf } from './cluster.ts'

const objectSchema = z.record(z.string(), z.unknown())
const alterSchema = z.object({
  offsets: z.array(z.object({ partition: objectSchema, offset: objectSchema.nullable() })),
})

export const offsetRoutes: Routes = {
  'GET /connectors/{name}/offsets': ({ cluster, name }) => {
    const found = cluster.find(name)
    return found
      ? { status: 200, body: { offsets: found.offsets } }
      : refuse(404, `Connector ${name} not found`)
  },
  'PATCH /connectors/{name}/offsets': call => {
    const { offsets } = alterSchema.parse(call.body)
    if (offsets.length === 0)
      return refuse(400, 'Partitions / offsets need to be provided for an alter offsets request')
    return whenStopped(call, found => {
      for (const { partition, offset } of offsets) {
        const no = typeOf(found.config) === 'sink' ? sinkObjection(partition, offset) : undefined
        if (no) return no
        const key = keyOf(partition)
        found.offsets = found.offsets.filter(other => keyOf(other.partition) !== key)
        if (offset) found.offsets.push({ partition, offset })
      }
      return { status: 200, body: { message: changed('altered') } }
    })
  },
  'DELETE /connectors/{name}/offsets': call =>
    whenStopped(call, found => {
      found.offsets = []
      return { status: 200, body: { message: changed('reset') } }
    }),
}

type Found = NonNullable<ReturnType<Call['cluster']['find']>>

function whenStopped({ cluster, name }: Call, act: (found: Found) => Answer): Answer {
  const found = cluster.find(name)
  if (!found) return refuse(404, `Connector ${name} not found`)
  if (found.target === 'STOPPED' && found.tasks.length === 0) return act(found)
  return refuse(
    400,
    "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the " +
      `'/connectors/${name}/stop' endpoint`,
  )
}

function sinkObjection(
  partition: Readonly<Record<string, unknown>>,
  offset: Readonly<Record<string, unknown>> | null,
): Answer | undefined {
  if (!('kafka_topic' in partition && 'kafka_partition' in partition))
    return refuse(
      400,
      "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
    )
  const value = offset?.['kafka_offset']
  if (offset && !/^\d+$/.test(String(value)))
    return refuse(
      400,
      `Failed to parse the following Kafka offset value in the provided offsets: '${value}'. Offset values for sink connectors need to be integers.`,
    )
  return undefined
}

function changed(how: string): string {
  return (
    `The Connect framework-managed offsets for this connector have been ${how} successfully. However, if this connector ` +
    `manages offsets externally, they will need to be manually ${how} in the system that the connector uses.`
  )
}

function keyOf(partition: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1)))
}
