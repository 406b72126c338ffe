import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { version } from '../../control/version.ts'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json'))
const pinned = (property: string) =>
  new RegExp(`<${property}>(.*)</${property}>`).exec(read('connectors/pom.xml'))?.[1]
const images = (text: string, repository: string) =>
  [...text.matchAll(new RegExp(`(?:image: |FROM )${repository}:(\\S+)`, 'g'))].map(([, tag]) => tag)

test('the images run the very versions that the Maven file pins', () => {
  const kafka = [
    ...images(read('docker-compose.yml'), 'apache/kafka'),
    ...images(read('connectors/Dockerfile'), 'apache/kafka'),
  ]

  expect(new Set(kafka)).toEqual(new Set([pinned('kafka.version')]))
})

test('the Postgres image is of the version that npm brings', () => {
  const packages = Object.values<string>(manifest.optionalDependencies).map(tag =>
    tag.split('.').slice(0, 2).join('.'),
  )

  expect(new Set(images(read('docker-compose.yml'), 'postgres'))).toEqual(new Set(packages))
})

test('our own images and the bundle carry the version of package.json', () => {
  const compose = read('docker-compose.yml')

  expect(new Set([...images(compose, 'tributary/connect'), ...images(compose, 'tributary/trib')])).toEqual(
    new Set([manifest.version]),
  )
  expect(version).toBe(manifest.version)
})

test('every image is pinned to one version, those of profiles too', () => {
  const tags = images(read('docker-compose.yml'), '[\\w./-]+')

  expect(tags.length).toBeGreaterThanOrEqual(8)
  expect(tags.filter(tag => !/^v?\d+(\.\d+)+$/.test(tag ?? ''))).toEqual([])
})

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest
  const versions = Object.values<string>({ ...dependencies, ...devDependencies, ...optionalDependencies })

  expect(versions.filter(one => !/^\d+\.\d+\.\d+(-\S+)?$/.test(one))).toEqual([])
})
