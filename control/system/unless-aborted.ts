/** What is awaited, or the signal's reason as soon as there is one: what was asked goes on by itself, unheard. */
export async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer
  let cut = () => {}
  const aborted = new Promise<never>((_, reject) => {
    cut = () => reject(signal.reason)
    if (signal.aborted) cut()
    else signal.addEventListener('abort', cut, { once: true })
  })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', cut)
  }
}
