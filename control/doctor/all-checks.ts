import type { Check } from './check.ts'
import { constraintChecks } from './checks/constraints.ts'
import { heartbeatChecks } from './checks/heartbeat.ts'
import { orphanChecks } from './checks/orphans.ts'
import { publicationChecks } from './checks/publication.ts'
import { roleChecks } from './checks/role.ts'
import { serverChecks } from './checks/server.ts'
import { signalChecks } from './checks/signal.ts'
import { sinkNameChecks } from './checks/sink-name.ts'
import { sinkTaskChecks } from './checks/sink-task.ts'
import { slotChecks } from './checks/slot.ts'
import { tableChecks } from './checks/tables.ts'
import { topicChecks } from './checks/topics.ts'
import { truncateChecks } from './checks/truncate.ts'
import { valueChecks } from './checks/values.ts'
import { warehouseChecks } from './checks/warehouse.ts'
import { workerChecks } from './checks/workers.ts'

/** Said by whoever opens the subjects: a check comes only after that. */
export const reachable: Check = {
  id: 'reachable',
  title: 'this machine reaches the databases and the brokers of the connectors',
  appliesTo: 'source',
  run: async () => [],
}

/** The one table, in the order of a row's way; `test/database/doctor*.test.ts` has a fault and a mend for each. */
export const allChecks: readonly Check[] = [
  reachable,
  ...workerChecks,
  ...serverChecks,
  ...roleChecks,
  ...publicationChecks,
  ...slotChecks,
  ...tableChecks,
  ...truncateChecks,
  ...valueChecks,
  ...heartbeatChecks,
  ...signalChecks,
  ...orphanChecks,
  ...topicChecks,
  ...warehouseChecks,
  ...sinkNameChecks,
  ...sinkTaskChecks,
  ...constraintChecks,
]
