import { brokerFaults } from './brokers.ts'
import { databaseFaults } from './databases.ts'
import type { Fault } from './fault.ts'
import { positionFaults } from './positions.ts'
import { workerFaults } from './workers.ts'

export const allFaults: readonly Fault[] = [
  ...databaseFaults,
  ...positionFaults,
  ...workerFaults,
  ...brokerFaults,
]
