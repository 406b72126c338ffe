import { toBoard } from './board.ts'
import type { Inventory } from './inventory/inventory.ts'
import { createKeyedChanges } from './keyed-changes.ts'
import type { BoardChange, ConnectorCard, PipelineCard } from './messages.ts'
import type { Observation } from './watch/observation.ts'

/** Pages that are there get what changed, a page that comes gets all. */
export function createBoardTeller() {
  const pipelines = createKeyedChanges<PipelineCard>(({ name }) => name)
  const connectors = createKeyedChanges<ConnectorCard>(({ name }) => name)
  return {
    changes(now: Observation, inventory: Inventory | undefined): BoardChange {
      const seen = toBoard(now, inventory)
      const [flows, live] = [pipelines(seen.pipelines), connectors(seen.connectors)]
      return {
        ...{ ...seen, isWhole: false, pipelines: flows.changed, connectors: live.changed },
        ...{ gonePipelines: flows.gone, goneConnectors: live.gone },
      }
    },
    whole: (now: Observation, inventory: Inventory | undefined): BoardChange => ({
      ...{ ...toBoard(now, inventory), isWhole: true, gonePipelines: [], goneConnectors: [] },
    }),
  }
}
