/** A signal that follows another `delayMs` later: time to end well, but not for ever. */
export function delayAbort(
  signal: AbortSignal,
  delayMs: number,
): { readonly signal: AbortSignal } & Disposable {
  const delayed = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    timer = setTimeout(() => delayed.abort(signal.reason), delayMs)
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return {
    signal: delayed.signal,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', start)
      clearTimeout(timer)
    },
  }
}
