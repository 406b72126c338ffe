import { toConnectorRow } from '../../commands/connectors/connector-rows.ts'
import { readOf } from '../../health/unread.ts'
import type { Observation } from '../watch/observation.ts'

export type Document = Readonly<Record<string, unknown>>

/** The CLI's reports by the last part of their address, in the shapes that its `-o json` prints. */
export const documents: Readonly<Record<string, (seen: Observation) => Document | readonly Document[]>> = {
  health: ({ report: { state, cause, command, pipelines } }) =>
    pipelines.length > 0 ? { state, pipelines } : { state, pipelines, cause, command },
  pipelines: ({ report }) => report.pipelines.map(pipeline => ({ ...pipeline })),
  connectors: ({ snapshot }) => (readOf(snapshot.connectors) ?? []).map(toConnectorRow),
  top: ({ report, flows }) =>
    report.pipelines.flatMap(({ name, tables, freshnessSeconds, state }) =>
      tables.map(({ table, topic, lagRecords }) => {
        const flow = flows.find(one => one.pipeline === name && one.topic === topic)
        return {
          ...{ pipeline: name, table: table ?? topic },
          inPerSecond: flow?.inPerSecond ?? null,
          recordsPerSecond: flow?.recordsPerSecond ?? null,
          outPerSecond: flow?.outPerSecond ?? null,
          ...{ lagRecords, freshnessSeconds, state },
        }
      }),
    ),
}
