import { expect, test } from 'vitest'
import { findMismatch } from '../../../control/schema/mismatch.ts'
import { failed, sink } from '../health/snapshots.ts'

/** As the JDBC sink 3.6.0 and Postgres 17 gave them on the native stack. */
test.each([
  'java.sql.SQLException: Cannot alter table "warehouse"."public"."orders" because schema evolution is disabled',
  "java.sql.SQLException: Cannot ALTER table 'warehouse.public.orders' because field 'state' is not optional but has no default value",
  'org.postgresql.util.PSQLException: ERROR: null value in column "note" of relation "orders" violates not-null constraint',
  'org.postgresql.util.PSQLException: ERROR: column "label" of relation "orders" does not exist',
  'java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "public"."orders" ("id") VALUES (1) was aborted: ERROR: integer out of range',
  'java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "orders" ("id") VALUES (1) was aborted: ERROR: value too long for type character varying(20)',
])('the table is found in: %s', trace => {
  expect(findMismatch(failed(sink, trace))).toEqual({ table: 'orders', trace })
})

test('a task that runs, or failed of something else, is none', () => {
  expect(findMismatch(sink)).toBeUndefined()
  const denied = 'org.postgresql.util.PSQLException: ERROR: permission denied for table orders'
  expect(findMismatch(failed(sink, denied))).toBeUndefined()
})
