import { sinkRules, sourceRules } from './connector-rules.ts'
import { databaseRules } from './database-rules.ts'
import { lagRules, topicRules } from './kafka-rules.ts'
import { restoreRules } from './restore-rules.ts'
import type { Rule } from './rule.ts'
import { warehouseRules } from './warehouse-rules.ts'

/** Every failure that is known, hop by hop; of two that fit equally badly the first one counts. */
export const catalogue: readonly Rule[] = [
  ...databaseRules,
  ...sourceRules,
  ...topicRules,
  ...sinkRules,
  ...lagRules,
  ...warehouseRules,
  ...restoreRules,
]
