import { expect, test } from 'vitest'
import { kafkaProperties } from '../../../control/engines/native/kafka-properties.ts'

test('variables become properties by the rule of the image', () => {
  const text = kafkaProperties({
    CLUSTER_ID: 'not a property',
    KAFKA_NODE_ID: '1',
    KAFKA_LOG_DIRS: '/data',
    KAFKA_SOME__UNDERSCORE: 'a',
    KAFKA_SOME___DASH: 'b',
    KAFKA_PATH: 'C:\\x',
  })

  expect(text).toBe('log.dirs=/data\nnode.id=1\npath=C:\\\\x\nsome-dash=b\nsome_underscore=a\n')
})

test('variables that the image reads itself are no properties', () => {
  expect(kafkaProperties({ KAFKA_HEAP_OPTS: '-Xmx1g', KAFKA_OPTS: '-Dx=y', KAFKA_VERSION: '4.3.1' })).toBe('')
})
