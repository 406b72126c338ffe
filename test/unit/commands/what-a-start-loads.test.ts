import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { root } from '../../support/trib.ts'

test('a start loads no package but those that every command needs', async () => {
  const { metafile } = await build({
    entryPoints: [join(root, 'control', 'cli.ts')],
    outdir: join(root, 'nothing-is-written'),
    ...{ bundle: true, splitting: true, write: false, metafile: true },
    ...{ platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' },
  })

  // Each of axios, kafkajs, pg and faker costs 20 to 50 ms of the 200 that `--help` may take: an action imports it.
  expect(packagesOf(metafile.outputs)).toEqual(['commander', 'yaml', 'zod'])
})

type Outputs = Awaited<ReturnType<typeof build<{ metafile: true }>>>['metafile']['outputs']

/** What is imported statically from the entry on. */
function packagesOf(outputs: Outputs): readonly string[] {
  const [entry = ''] = Object.keys(outputs).filter(name =>
    outputs[name]?.entryPoint?.endsWith('control/cli.ts'),
  )
  const seen = new Set([entry])
  const packages = new Set<string>()
  for (const name of seen) {
    const found = outputs[name]?.imports.filter(({ kind }) => kind === 'import-statement') ?? []
    for (const { path, external } of found) {
      if (!external) seen.add(path)
      else if (!path.startsWith('node:')) packages.add(path)
    }
  }
  return [...packages].sort()
}
