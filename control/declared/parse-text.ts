import type { LocatedNode } from '../topology/located-node.ts'
import type { AddProblem } from './input-problems.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'

/** The documents of a text: by the file's name JSON or YAML, and where that does not say by how it begins. */
export function parseText(
  text: string,
  { file, add }: { readonly file: string; readonly add: AddProblem },
): readonly LocatedNode[] | undefined {
  // YAML may begin with a brace, too, but hardly with a quoted key behind it.
  const isJson = /\.json$/i.test(file) || (!/\.ya?ml$/i.test(file) && /^\s*[[{][[{\s]*["\]}]/.test(text))
  if (!isJson) return parseYaml(text, add)
  const root = parseJson(text, add)
  return root && [root]
}
