import { TribError } from '../errors/trib-error.ts'
import { version } from '../version.ts'

/**
 * Newer data under an older version: its files would run again over what a newer one has changed, and nobody has tried
 * how that ends. Before anything is started; `recorded` is the version that brought the stack up last.
 */
export function refuseNewerData(
  stackName: string,
  recorded: string | undefined,
  own: string = version,
): void {
  if (recorded === undefined || compare(recorded, own) <= 0) return
  throw new TribError(
    'DATA_NEWER',
    `the stack '${stackName}' was brought up by Tributary ${recorded}, and this is ${own}, which does not know what that one changed; nothing was touched`,
    {
      hint: `go on with Tributary ${recorded}, or put back the copy of before (README.md, "A newer version, and back"); without the data: npm run down -- --volumes && npm run up`,
    },
  )
}

/** By numbers: 0.10.0 is newer than 0.9.0. What is no version is not newer. */
function compare(one: string, other: string): number {
  const [a, b] = [one, other].map(text => text.split(/[.-]/).map(part => Number(part) || 0)) as [
    number[],
    number[],
  ]
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
