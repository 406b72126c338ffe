import { useEffect, useState } from 'preact/hooks'

/** Fetched while somebody looks, and again with each `mark`: of 200 sources nobody needs all facts all the time. */
export function useReport<T>(path: string, mark: number | null): T | undefined {
  const [report, setReport] = useState<T | undefined>()
  useEffect(() => {
    const ended = new AbortController()
    fetch(path, { signal: ended.signal })
      .then(answer => (answer.ok ? answer.json() : undefined))
      .then((found: T | undefined) => {
        if (found !== undefined) setReport(found)
      })
      // The banner tells when the console is away.
      .catch(() => {})
    return () => ended.abort()
    // Each mark has another report.
  }, [path, mark])
  return report
}
