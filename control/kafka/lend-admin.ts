import { type Admin, Kafka } from 'kafkajs'
import { type KafkaAccess, ownOf } from './open-kafka.ts'

/** A client of the brokers, for as long as it is lent; what failed with it is given back as failed. */
export interface LentAdmin {
  readonly admin: Admin
  giveBack(outcome: 'well' | 'failed'): Promise<void>
}

export type LendAdmin = (access: KafkaAccess) => Promise<LentAdmin>

/** A new client for each look, closed when it is given back. */
export const lendNewAdmin: LendAdmin = async access => {
  const admin = await connectAdmin(access)
  return { admin, giveBack: () => admin.disconnect() }
}

/** The same client again and again, until one look fails with it. */
export function keepAdmin(): AsyncDisposable & { readonly lend: LendAdmin } {
  let kept: Admin | undefined
  return {
    lend: async access => {
      const admin = kept ?? (await connectAdmin(access))
      // Not to two at once: kafkajs mixes up what several ask of one client.
      kept = undefined
      return {
        admin,
        giveBack: async outcome => {
          if (outcome === 'well' && kept === undefined) kept = admin
          else await admin.disconnect()
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await kept?.disconnect()
      kept = undefined
    },
  }
}

async function connectAdmin(access: KafkaAccess): Promise<Admin> {
  const kafka = new Kafka({
    ...{ ...ownOf(access), clientId: 'trib-health' },
    ...{ connectionTimeout: 1_500, requestTimeout: 3_000, retry: { retries: 1, initialRetryTime: 50 } },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return admin
  } catch (error) {
    await admin.disconnect()
    throw error
  }
}
