import { connect } from 'node:net'
import type { NamedBroker } from '../../contexts/service-context.ts'
import type { BrokerState } from './observation.ts'

const answerWithinMs = 1_000

/** Whether each broker's port takes a connection: a cluster of three goes on without one, and nobody would notice. */
export function probeBrokers(brokers: readonly NamedBroker[]): Promise<readonly BrokerState[]> {
  return Promise.all(
    brokers.map(async broker => ({ ...broker, isUp: await takesConnections(broker.address) })),
  )
}

function takesConnections(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(address.slice(colon + 1)) })
    const done = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.setTimeout(answerWithinMs, () => done(false))
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}
