import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { connectorConfigContract } from './connector-config-contract.ts'
import { connectorStateContract } from './connector-state-contract.ts'
import { type ContractCluster, createContext } from './contract-context.ts'
import { workerContract } from './worker-contract.ts'

/** What every Connect cluster must do through the client, however it is opened. */
export function connectClientContract(what: string, open: () => Promise<ContractCluster>): void {
  describe(what, () => {
    let opened: ContractCluster | undefined
    const context = createContext(() => {
      if (!opened) throw new Error('the cluster is not open yet')
      return opened
    })

    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.[Symbol.asyncDispose]())
    afterEach(async () => {
      const connect = context.connect()
      for (const name of context.takeNames()) await connect.delete(name)
      const left = (await connect.list()).filter(({ name }) => name.startsWith('contract-'))
      expect(left.map(({ name }) => name)).toEqual([])
    })

    connectorConfigContract(context)
    connectorStateContract(context)
    workerContract(context)
  })
}
