import { TribError } from '../../errors/trib-error.ts'

export function pathOf(name: string): string {
  return `/connectors/${encodeURIComponent(name)}`
}

export async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TribError && error.code === 'CONNECTOR_UNKNOWN') return undefined
    throw error
  }
}
