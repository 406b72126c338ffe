import { expect, test } from 'vitest'
import { undoSql } from '../../../control/tables/undo-sql.ts'

const before = (table: string) =>
  ({ '"public"."keyed"': { identity: 'd' }, '"public"."full"': { identity: 'f' } })[table]

test.each([
  [
    'alter publication "shop pub" add table "public"."a to b"',
    'alter publication "shop pub" drop table "public"."a to b"',
  ],
  [
    'grant select, insert on "public"."on x" to "sink"',
    'revoke select, insert on "public"."on x" from "sink"',
  ],
  ['grant usage on schema "sales" to "debezium"', undefined],
  [
    'create table "public"."my (table)" ("id" bigint not null, primary key ("id"))',
    'drop table "public"."my (table)"',
  ],
  [
    'create or replace trigger t before truncate on "public"."x" for each statement execute function f()',
    'drop trigger if exists t on "public"."x"',
  ],
  ['alter table "public"."x" add column "note" text', 'alter table "public"."x" drop column "note"'],
  [
    'alter table "public"."keyed" replica identity full',
    'alter table "public"."keyed" replica identity default',
  ],
  ['alter table "public"."full" replica identity full', undefined],
  ['alter table "public"."x" enable always trigger t', undefined],
  ['create schema if not exists tributary', undefined],
])('%s is taken back by %s', (sql, undo) => {
  expect(undoSql(sql, before)).toBe(undo)
})
