import { stateNow } from './store.ts'

/** Asks the server to change something; what it refuses is thrown as a sentence. */
export async function send(path: string, body: unknown = {}): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tributary-token': stateNow().hello?.token ?? '' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('the console does not answer')
  })
  if (answer.ok) return
  const { error, hint }: { error?: string; hint?: string | null } = await answer.json().catch(() => ({}))
  throw new Error(`${error ?? `the console answered ${answer.status}`}${hint ? ` → ${hint}` : ''}`)
}
