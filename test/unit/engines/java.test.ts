import { expect, test } from 'vitest'
import { parseJavaVersion, parseMavenVersion } from '../../../control/engines/native/java.ts'

test('the major version of Java is read from what every vendor prints', () => {
  expect(parseJavaVersion('openjdk version "17.0.15" 2025-04-15')).toBe(17)
  expect(parseJavaVersion('java version "1.8.0_402"')).toBe(8)
  expect(parseJavaVersion('openjdk version "21" 2023-09-19')).toBe(21)
  expect(parseJavaVersion('something else')).toBeUndefined()
})

test('the version of Maven is read', () => {
  expect(parseMavenVersion('Apache Maven 3.8.7 (b89d5959)\nMaven home: /usr/share/maven')).toEqual([3, 8, 7])
  expect(parseMavenVersion('no Maven')).toBeUndefined()
})
