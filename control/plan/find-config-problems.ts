import type { ConnectorConfig, KeyDefinition, KeyFinding } from '../connect/connect-api.ts'
import { nearest } from '../topology/nearest.ts'
import { explainRefusal } from './explain-refusal.ts'
import { isOfEveryTransform, isPassedOn, isPatternKey, unlistedKeys } from './known-keys.ts'

export interface ConfigToCheck {
  readonly config: ConnectorConfig
  /** What Connect's validation says of each key. */
  readonly findings: readonly KeyFinding[]
  /** The keys that the plugins list, those of transforms and converters with their prefix. (Default: the findings') */
  readonly known?: ReadonlyMap<string, KeyDefinition>
  /** Slips are warned of only. (Default: false) */
  readonly isAllowingUnknown?: boolean
}

/** Sentences without a full stop; no value of a secret is in them. */
export interface ConfigProblems {
  /** With these the config would not work, or not as meant. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** What Connect refuses, and what it accepts in silence: keys that nobody reads. */
export function findConfigProblems(check: ConfigToCheck): ConfigProblems {
  const { config, findings, known = new Map(), isAllowingUnknown = false } = check
  const names = new Set([
    ...known.keys(),
    ...findings.map(({ definition }) => definition.name),
    ...unlistedKeys(config),
  ])
  const refused = findings.flatMap(finding =>
    finding.errors.map(error => explainRefusal(error, { finding, config })),
  )
  // Every connector has this key: without it nobody could tell what the plugin knows.
  const isPluginKnown = names.has('connector.class')
  const unknown = Object.keys(config)
    .filter(key => isPluginKnown && !names.has(key) && !isPatternKey(key))
    .flatMap(key => judgeUnknown(key, { names, config }))
  const slips = unknown.filter(({ isSlip }) => isSlip).map(({ sentence }) => sentence)
  const rest = unknown.filter(({ isSlip }) => !isSlip).map(({ sentence }) => sentence)
  const errors = [...new Set([...refused, ...(isAllowingUnknown ? [] : slips)])]
  return { errors, warnings: isAllowingUnknown ? [...slips, ...rest] : rest }
}

interface UnknownKey {
  readonly sentence: string
  readonly isSlip: boolean
}

interface Surroundings {
  readonly names: ReadonlySet<string>
  readonly config: ConnectorConfig
}

function judgeUnknown(key: string, { names, config }: Surroundings): readonly UnknownKey[] {
  const stray = strayAlias(key, config)
  if (stray !== undefined) return [stray]
  const comparable = comparableNames(key, names)
  const meant = nearest(
    key,
    comparable.filter(name => isWithinEdits(key, name, slipsOf(name))),
  )
  if (meant !== undefined)
    return [{ sentence: `unknown key '${key}'; did you mean '${meant}'?`, isSlip: true }]
  if (isPassedOn(key, config) && !isOfKnownTransform(key, comparable)) return []
  const near = nearest(key, comparable)
  const question = near === undefined ? '' : `; did you mean '${near}'?`
  return [{ sentence: `the plugin does not list the key '${key}'${question}`, isSlip: false }]
}

/** `transforms.unwarp.type` where `transforms` names only `unwrap`: nobody would read it. */
function strayAlias(key: string, config: ConnectorConfig): UnknownKey | undefined {
  const [, list = '', alias = ''] = /^(transforms|predicates)\.([^.]+)\./.exec(key) ?? []
  if (list === '') return undefined
  const named = aliasesOf(config, list)
  if (named.some(name => name === alias || key.startsWith(`${list}.${name}.`))) return undefined
  const meant = nearest(alias, named)
  const sentence = `unknown key '${key}': '${alias}' is not in '${list}'`
  return meant === undefined
    ? { sentence, isSlip: false }
    : { sentence: `${sentence}; did you mean '${key.replace(alias, meant)}'?`, isSlip: true }
}

/** A transform reads its own keys only: what it does not list it hardly knows, such as a key of an older release. */
const isOfKnownTransform = (key: string, comparable: readonly string[]) =>
  /^(transforms|predicates)\./.test(key) && comparable.some(name => !isOfEveryTransform(name))

const aliasesOf = (config: ConnectorConfig, list: string) =>
  (config[list] ?? '').split(',').map(alias => alias.trim())

/** A key of one transform is no slip for the like-named key of another. */
function comparableNames(key: string, names: ReadonlySet<string>): readonly string[] {
  const prefix = /^((transforms|predicates)\.[^.]+|(key|value|header)\.converter)\./.exec(key)?.[0]
  const others = prefix === undefined ? [...names] : [...names].filter(name => name.startsWith(prefix))
  return others.filter(name => !/[()]/.test(name))
}

/** Two edits make another word of a short one. */
const slipsOf = (name: string) => (name.length < 8 ? 1 : 2)

function isWithinEdits(from: string, to: string, edits: number): boolean {
  let same = 0
  while (same < from.length && from[same]?.toLowerCase() === to[same]?.toLowerCase()) same += 1
  const [one, other] = [from.slice(same), to.slice(same)]
  if (one === '' && other === '') return true
  if (edits === 0) return false
  return [
    [one.slice(1), other],
    [one, other.slice(1)],
    [one.slice(1), other.slice(1)],
  ].some(([left = '', right = '']) => isWithinEdits(left, right, edits - 1))
}
