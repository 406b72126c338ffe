import { child } from '../../topology/located-node.ts'
import { readConfig, takeName, toConfig } from './read-config.ts'
import type { Shape } from './shape.ts'

/** What `PUT /connectors/NAME/config` takes. */
export const bareConfig: Shape = {
  accepted: 'a config with the key "connector.class"',
  matches: node => child(node, 'connector.class') !== undefined,
  read: (node, { add }) => {
    const values = readConfig(node, add)
    const name = takeName(values, { name: undefined, node, add })
    return [{ name, config: toConfig(values), state: undefined, place: node }]
  },
}
